package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.DigestChain;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.exchange.BulkServer;
import org.isofleet.worker.exchange.Followers;
import org.isofleet.worker.exchange.Following;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.StopSignal;
import org.isofleet.worker.exchange.SumOrder;
import org.isofleet.worker.exchange.Update;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Newcomers that copy the state of a group that trains on. */
class FollowingTest extends GroupGround {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long WRONG = 99;
    private static final RunSpec SPEC = SmallRuns.spec(600, 8);
    private static final RunSpec SHORT = SmallRuns.spec(120, 8);
    private static final EngineFactory BIGRAM = (shape, lanes, images) -> new BigramEngine(shape, lanes);

    @Test
    void newcomer_catchesUpWhileStepsGoOn_andHoldsWhatItsSourceHoldsWhenItJoins() throws IOException {
        Worker a = new Worker("a");
        Worker b = new Worker("b");
        Worker c = new Worker("c");
        GroupPlan one = plan(SPEC, 1, a, b);
        begin(one, new StartPoint.Fresh(), a, b);
        awaitStep(a, 15);
        c.host.follow(one, "b", PATIENCE_MILLIS);
        awaitStep(c, 1);
        HeldState copied = Objects.requireNonNull(c.host.held());
        assertThat(copied.generation()).isEqualTo(1);
        awaitStep(c, copied.step() + 25); // over two scheduled checkpoints

        GroupPlan two = plan(SPEC, 2, c, a, b);
        List.of(c, a, b).forEach(worker -> worker.host.prepare(two));
        HeldState ofSource = heldBy(b, 1);
        assertThat(heldBy(c, 0)).isEqualTo(ofSource);
        HeldState ofOther = heldBy(a, 1);
        assertThat(ofOther.step())
                .isBetween(ofSource.step() - 1, ofSource.step() + 1); // stopped before or after a step
        assertThat(ofSource.step()).isLessThan(SPEC.steps() - 1);
        StartPoint from = ofOther.step() > ofSource.step()
                ? new StartPoint.FromMember("a", ofOther.step(), ofOther.stateHash())
                : new StartPoint.FromMember("c", ofSource.step(), ofSource.stateHash());
        List.of(c, a, b).forEach(worker -> worker.host.start(SPEC.id(), 2, from));
        assertEndsAs(SPEC, c);
    }

    @Test
    void followerThatFallsBehind_isWaitedFor_andMissesNoStep() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Worker a = new Worker("a", SECRET, SumOrder.TREE, waiting(goOn));
        GroupPlan one = plan(SHORT, 1, a);
        try (Stranger stranger = new Stranger("stranger", one)) {
            begin(one, new StartPoint.Fresh(), a);
            long gate = awaitStandstill(a);
            stranger.connect();
            goOn.countDown();
            awaitStep(a, gate + 1);
            long stood = awaitStandstill(a);
            assertThat(stood).isLessThan(SHORT.steps());
            long step = stranger.start().step();
            for (Update update = stranger.next(); update != null; update = stranger.next()) {
                step++;
                assertThat(update.step()).isEqualTo(step);
            }
            assertThat(step).isEqualTo(SHORT.steps()).isGreaterThan(stood);
        }
        assertEndsAs(SHORT, a);
    }

    @Test
    void followerThatTakesNothing_isCutOff_andTheGroupGoesOn() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Worker a = new Worker("a", SECRET, SumOrder.TREE, waiting(goOn));
        Worker b = new Worker("b");
        GroupPlan one = plan(SHORT, 1, a, b);
        try (Stranger stranger = new Stranger("stranger", one)) {
            begin(one, new StartPoint.Fresh(), a, b);
            awaitStandstill(a);
            stranger.connect();
            goOn.countDown();
            assertEndsAs(SHORT, a);
            stranger.start();
            assertThatThrownBy(() -> {
                        while (true) {
                            assertThat(stranger.next()).isNotNull();
                        }
                    })
                    .isInstanceOf(PeerLostException.class);
        }
    }

    @Test
    void followersThatDieWhileTheyCopy_changeNothing() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Worker a = new Worker("a", SECRET, SumOrder.TREE, waiting(goOn));
        Worker b = new Worker("b");
        GroupPlan one = plan(SHORT, 1, a, b);
        try (Stranger before = new Stranger("before", one);
                Stranger within = new Stranger("within", one);
                Stranger after = new Stranger("after", one)) {
            begin(one, new StartPoint.Fresh(), a, b);
            awaitStandstill(a);
            before.connect();
            within.connect();
            after.connect();
            before.close();
            goOn.countDown();
            within.close();
            after.start();
        }
        assertEndsAs(SHORT, a);
        assertThat(Stream.concat(a.reports.reports.stream(), b.reports.reports.stream()))
                .noneMatch(
                        report -> report instanceof RunReport.PeerLost || report instanceof RunReport.TrainingFailed);
    }

    @Test
    void sourceThatDies_leavesItsFollowerAStateToGoOnFrom() throws IOException {
        Worker a = new Worker("a");
        Worker b = new Worker("b");
        GroupPlan one = plan(SPEC, 1, a);
        begin(one, new StartPoint.Fresh(), a);
        b.host.follow(one, "a", PATIENCE_MILLIS);
        awaitStep(b, 20);
        a.host.close();

        regroup(SPEC, 2, b);
        assertThat(b.reports.await(RunReport.GroupRunning.class).step()).isBetween(20L, SPEC.steps());
        assertEndsAs(SPEC, b);
    }

    @Test
    void sourceThatDiesBeforeItsStateIsCopied_leavesNothing_andTheWorkerIsFree() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Worker a = new Worker("a", SECRET, SumOrder.TREE, waiting(goOn));
        Worker b = new Worker("b");
        GroupPlan one = plan(SHORT, 1, a);
        begin(one, new StartPoint.Fresh(), a);
        awaitStandstill(a);
        b.host.follow(one, "a", PATIENCE_MILLIS);
        Thread dies = new Thread(a.host::close);
        dies.start();
        try {
            RunReport.FollowingFailed failed = b.reports.await(RunReport.FollowingFailed.class);
            assertThat(failed.generation()).isEqualTo(1);
            assertThat(b.host.held()).isNull();
        } finally {
            goOn.countDown();
            dies.join();
        }
        begin(plan(SHORT, 2, b), new StartPoint.Fresh(), b);
        assertEndsAs(SHORT, b);
    }

    @Test
    void stateOrStepWithAnotherHash_isNotKept() throws Exception {
        for (boolean rightStart : new boolean[] {true, false}) {
            Worker b = new Worker("b" + rightStart);
            try (BulkServer server = new BulkServer("127.0.0.1", "a", 1, SECRET)) {
                GroupPlan one = new GroupPlan(SPEC, 1, List.of(new Member("a", 1, server.address())), store.toString());
                server.enter(SPEC.id(), 1);
                Followers source = new Followers(one, 0, server, new StopSignal());
                b.host.follow(one, "a", PATIENCE_MILLIS);
                try (Lanes lanes = new Lanes(1, "source");
                        TrainingState state = TrainingState.allocate(SPEC, BIGRAM, 1)) {
                    state.initialise(lanes);
                    FlatVector noise = FlatVector.zeros(state.parameters().length());
                    Awaitility.await().until(() -> {
                        source.stepped(
                                new Update(1, WRONG, 1, 0, noise),
                                () -> rightStart ? state.forFollower() : wrong(state));
                        return b.reports.reports.stream().anyMatch(RunReport.FollowingFailed.class::isInstance);
                    });
                }
                source.close();
            }
            assertThat(b.reports.await(RunReport.FollowingFailed.class).reason())
                    .contains(rightStart ? "not of step 1 with hash 0000000000000063" : "with hash 0000000000000063");
            assertThat(b.host.held()).isNull();
        }
    }

    private static Followers.State wrong(TrainingState state) {
        return new Followers.State(
                0,
                WRONG,
                SampleLedger.EMPTY,
                CompletableFuture.completedFuture(DigestChain.EMPTY),
                List.of(state.parameters(), state.first(), state.second()));
    }

    /** It trains to the end, by the same way as a worker that is alone. */
    private void assertEndsAs(RunSpec spec, Worker first) throws IOException {
        RunReport.TrainingFinished finished = first.reports.await(RunReport.TrainingFinished.class);
        RunReport.TrainingFinished quiet = train(spec, new Worker("quiet"));
        assertThat(finished.checkpoint()).isEqualTo(quiet.checkpoint());
        assertThat(finished.chain()).isEqualTo(quiet.chain());
    }

    /** Engines that compute some steps, and the others when they may. */
    private static EngineFactory waiting(CountDownLatch goOn) {
        return (shape, lanes, images) -> new BigramEngine(shape, lanes) {
            private int computed;

            @Override
            public double gradient(int lane, PixelBatch batch, FlatVector into) {
                computed++;
                if (computed > 60) {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                return super.gradient(lane, batch, into);
            }
        };
    }

    /** The step at which a worker has not moved for a while. */
    private static long awaitStandstill(Worker worker) {
        awaitStep(worker, 1);
        long[] seen = {0, System.nanoTime()};
        Awaitility.await().until(() -> {
            long step = Objects.requireNonNull(worker.host.held()).step();
            if (step != seen[0]) {
                seen[0] = step;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > 400_000_000L;
        });
        return seen[0];
    }

    /** Someone who knows the secret and follows by hand. */
    private static final class Stranger implements AutoCloseable {
        private final GroupPlan plan;
        private final BulkServer server;
        private final List<FlatVector> vectors = Stream.generate(
                        () -> FlatVector.zeros(ParameterLayout.of(SPEC.shape()).length()))
                .limit(3)
                .toList();
        private @Nullable Following following;

        Stranger(String id, GroupPlan plan) throws IOException {
            this.plan = plan;
            this.server = new BulkServer("127.0.0.1", id, 1, SECRET);
        }

        void connect() throws IOException, PeerLostException {
            following = Following.connect(plan, 0, server, new StopSignal());
        }

        Following.Start start() throws PeerLostException, InterruptedException {
            return Objects.requireNonNull(following).start(vectors);
        }

        @Nullable
        Update next() throws PeerLostException, InterruptedException {
            return Objects.requireNonNull(following).next(vectors.get(0));
        }

        @Override
        public void close() {
            Objects.requireNonNull(following).close();
            server.close();
        }
    }
}
