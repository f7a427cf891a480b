package org.isofleet.worker.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.isofleet.protocol.bulk.Handshake;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticated connections that wait until the compute thread takes them; those of the newest generation only. */
final class Lobby implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lobby.class);

    private final Map<String, Link> waiting = new HashMap<>();
    private @Nullable RunId runId;
    private long generation;

    synchronized void enter(RunId newRun, long newGeneration) {
        close();
        runId = newRun;
        generation = newGeneration;
    }

    synchronized boolean admits(RunId ofRun, long ofGeneration) {
        return ofRun.equals(runId) && ofGeneration == generation;
    }

    /** Leaves a connection here; a second one of the same worker replaces the first. */
    synchronized void put(Handshake.Purpose purpose, Link link) {
        if (!admits(purpose.runId(), purpose.generation())) {
            close(link);
            return;
        }
        close(waiting.put(purpose.from(), link));
        notifyAll();
    }

    /** Waits for the connection of a worker. */
    Link take(RunId ofRun, long ofGeneration, String workerId, Duration patience, StopSignal stop)
            throws PeerLostException, InterruptedException {
        stop.onRequest(this::wake);
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (this) {
            while (true) {
                stop.check();
                if (!admits(ofRun, ofGeneration)) {
                    throw new InterruptedException("a newer generation was entered");
                }
                Link link = waiting.remove(workerId);
                if (link != null) {
                    return link;
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new PeerLostException(workerId, "did not connect within " + patience.toSeconds() + " s");
                }
                wait(left);
            }
        }
    }

    /** Takes, without waiting, the connections of workers that are not in a group: they can only want to follow it. */
    synchronized Map<String, Link> takeFollowers(GroupPlan plan) {
        if (waiting.isEmpty() || !admits(plan.spec().id(), plan.generation())) {
            return Map.of();
        }
        Map<String, Link> followers = new HashMap<>(waiting);
        followers.keySet().removeIf(workerId -> plan.indexOf(workerId) >= 0);
        waiting.keySet().removeAll(followers.keySet());
        return followers;
    }

    private synchronized void wake() {
        notifyAll();
    }

    static void close(@Nullable Closeable connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                LOG.warn("a connection could not be closed: {}", e.toString());
            }
        }
    }

    @Override
    public synchronized void close() {
        waiting.values().forEach(Lobby::close);
        waiting.clear();
    }
}
