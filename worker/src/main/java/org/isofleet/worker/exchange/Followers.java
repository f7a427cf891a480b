package org.isofleet.worker.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.worker.checkpoint.DigestChain;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.engine.FlatVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that follow this member in one generation. They are no members: nothing is read from them, and whatever becomes of them is
 * nothing to the group. Used by the compute thread, at step boundaries.
 */
public final class Followers implements AutoCloseable {
    /** As many at once; each takes the memory of a state and a gradient here. */
    static final int MOST = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

    private final GroupPlan plan;
    private final int me;
    private final BulkServer server;
    private final StopSignal stop;
    private final List<Follower> followers = new ArrayList<>();

    /**
     * Nobody yet.
     *
     * @param me index of this member
     * @param server where they connect
     * @param stop of the compute thread
     */
    public Followers(GroupPlan plan, int me, BulkServer server, StopSignal stop) {
        this.plan = plan;
        this.me = me;
        this.server = server;
        this.stop = stop;
    }

    /**
     * A state at a step boundary.
     *
     * @param vectors parameters and both moments
     * @param chain of its scheduled checkpoints, which may still be digested
     */
    public record State(
            long step,
            long stateHash,
            SampleLedger ledger,
            CompletableFuture<DigestChain> chain,
            List<FlatVector> vectors) {
        public State {
            vectors = List.copyOf(vectors);
        }

        State in(List<FlatVector> copies) {
            return new State(step, stateHash, ledger, chain, copies);
        }
    }

    /**
     * A step was made: tells those who follow, and begins with those who have come.
     *
     * @param used in the step
     * @param state after it, asked for when someone has come
     */
    public void stepped(Update used, Supplier<State> state) {
        followers.removeIf(follower -> !follower.offer(used, stop));
        server.followers(plan).forEach((workerId, link) -> admit(workerId, link, state));
    }

    private void admit(String workerId, Link link, Supplier<State> state) {
        if (followers.size() >= MOST) {
            LOG.info("{} cannot follow: {} others do", workerId, followers.size());
            Lobby.close(link);
            return;
        }
        StopSignal cut = new StopSignal();
        PeerGroup group;
        try {
            group = PeerGroup.toFollower(plan, me, workerId, link, cut);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot follow: {}", workerId, e.toString());
            return;
        }
        try {
            Follower follower = new Follower(workerId, group, cut);
            follower.begin(state.get());
            followers.add(follower);
        } catch (RuntimeException | OutOfMemoryError e) { // the group has no need of it
            LOG.warn("{} cannot follow: {}", workerId, e.toString());
            group.close();
        }
    }

    @Override
    public void close() {
        followers.forEach(Follower::end);
    }
}
