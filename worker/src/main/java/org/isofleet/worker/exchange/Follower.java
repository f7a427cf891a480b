package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.protocol.log.RunScope;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker that follows this member, as the member sees it. The compute thread copies the state at a step boundary, and what the optimizer
 * used in each step since; a thread of its own sends both. So steps go on while the state travels.
 *
 * <p>What waits to be sent is bounded: by one vector at first, and by one more with each of the three of the state that has been sent, whose
 * memory it takes. When there is no room, the group waits, {@value #PATIENCE_MILLIS} ms in all; then this follower is cut
 * off. A follower that is dead, slow or behind a slow network costs the group no more than that.
 */
final class Follower {
    /** How long a follower may hold the group up, over all steps. */
    static final long PATIENCE_MILLIS = 2_000;

    /** How long it may take for what is left once the group has stopped, before its memory is wanted back. */
    private static final Duration FAREWELL = Duration.ofSeconds(20);

    /** How often a compute thread that waits here looks whether it is to stop. */
    private static final long LOOK_MILLIS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** What the sending thread has to do next; null: tell that nothing comes any more. */
    private record Due(@Nullable Update update) {}

    private final String workerId;
    private final PeerGroup group;
    private final Peer peer;
    private final StopSignal cut;
    private final BlockingQueue<FlatVector> free = new LinkedBlockingQueue<>();
    private final BlockingQueue<Due> due = new LinkedBlockingQueue<>();
    private final ByteBuffer used =
            ByteBuffer.allocateDirect(Following.UPDATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long patienceNanos = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    private volatile boolean ended;

    /** @param group the connection, which it closes when it ends */
    Follower(String workerId, PeerGroup group, StopSignal cut) {
        this.workerId = workerId;
        this.group = group;
        this.peer = group.peers().get(0);
        this.cut = cut;
    }

    /** Copies a state and begins to send it. */
    void begin(Followers.State state) {
        List<FlatVector> copies = state.vectors().stream()
                .map(vector -> {
                    FlatVector copy = FlatVector.zeros(vector.length());
                    copy.copyFrom(vector);
                    return copy;
                })
                .toList();
        free.add(FlatVector.zeros(copies.get(0).length()));
        Followers.State copied = state.in(copies);
        Thread thread = new Thread(RunScope.inherited(() -> send(copied)), "isofleet-follower-" + workerId);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Hands on what the optimizer has used; waits while there is no room.
     *
     * @param stop of the compute thread
     * @return whether the worker still follows
     */
    boolean offer(Update update, StopSignal stop) {
        if (ended) {
            return false;
        }
        FlatVector slot = free.poll();
        if (slot == null) {
            slot = awaitRoom(stop);
        }
        if (slot != null) {
            slot.copyFrom(update.gradient());
            due.add(new Due(new Update(update.step(), update.stateHash(), update.scale(), update.ledger(), slot)));
        } else if (!ended && !stop.requested()) {
            LOG.warn(
                    "{} follows too slowly: it has held the group up for {} ms and is cut off",
                    workerId,
                    PATIENCE_MILLIS);
            cut.request();
            return false;
        }
        return true;
    }

    private @Nullable FlatVector awaitRoom(StopSignal stop) {
        long begin = System.nanoTime();
        try {
            FlatVector slot = null;
            while (slot == null && !ended && !stop.requested() && System.nanoTime() - begin < patienceNanos) {
                slot = free.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
            return slot;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            patienceNanos -= System.nanoTime() - begin;
        }
    }

    /** The source stops: what is on its way still arrives. */
    void end() {
        due.add(new Due(null));
        CompletableFuture.delayedExecutor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .execute(cut::request);
    }

    private void send(Followers.State state) {
        List<FlatVector> held = new ArrayList<>(state.vectors());
        try (group) {
            announce(state.step(), state.stateHash());
            ByteBuffer about = StateTransfer.encode(
                    new StateTransfer.About(state.ledger(), state.chain().join()));
            send(Frame.Kind.SNAPSHOT, List.of(about), state.step());
            for (FlatVector vector : state.vectors()) {
                send(Frame.Kind.SNAPSHOT, bytes(vector), state.step());
                held.remove(vector);
                free.add(vector);
            }
            for (Update next = due.take().update();
                    next != null;
                    next = due.take().update()) {
                held.add(next.gradient());
                send(next);
                held.remove(next.gradient());
                free.add(next.gradient());
            }
            announce(Following.END, 0);
        } catch (InterruptedException e) {
            LOG.debug("{} was cut off", workerId);
        } catch (PeerLostException | RuntimeException e) {
            LOG.info("{} follows no more: {}", workerId, e.toString());
        } finally {
            ended = true;
            held.forEach(FlatVector::free);
            // One that the compute thread has taken and not handed back goes with this object.
            for (FlatVector vector = free.poll(); vector != null; vector = free.poll()) {
                vector.free();
            }
        }
    }

    private void send(Update update) throws PeerLostException, InterruptedException {
        announce(update.step(), update.stateHash());
        used.putDouble(0, update.scale()).putLong(Double.BYTES, update.ledger());
        List<ByteBuffer> payload = Stream.concat(Stream.of(used), bytes(update.gradient()).stream())
                .toList();
        send(Frame.Kind.UPDATE, payload, update.step());
    }

    private void announce(long step, long stateHash) throws PeerLostException, InterruptedException {
        group.send(peer, Frame.Kind.NEXT, peer.outgoing(List.of()), 0)
                .stateHash(stateHash)
                .value(step);
        group.complete();
    }

    private void send(Frame.Kind kind, List<ByteBuffer> payload, long step)
            throws PeerLostException, InterruptedException {
        group.send(peer, kind, peer.outgoing(payload), step);
        group.complete();
    }

    private static List<ByteBuffer> bytes(FlatVector vector) {
        return StepMessage.bytes(new StepMessage.Part(vector, 0, vector.length()));
    }
}
