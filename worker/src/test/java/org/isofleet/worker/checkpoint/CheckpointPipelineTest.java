package org.isofleet.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.checkpoint.CheckpointPipeline.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointPipelineTest {
    @TempDir
    Path root;

    /** A store before which something is gone through, which may last or break. */
    private record Through(Runnable what, CheckpointStore store) implements CheckpointAccess {
        @Override
        public CheckpointRef write(Snapshot snapshot, StateDigests digests, DigestChain chain) throws IOException {
            what.run();
            return store.write(snapshot, digests, chain);
        }

        @Override
        public void read(CheckpointRef reference, Reader reader) throws IOException {
            store.read(reference, reader);
        }

        @Override
        public void collect(RunId runId, long generation, List<CheckpointRef> keep) throws IOException {
            store.collect(runId, generation, keep);
        }
    }

    private static long[] held = {};

    static Stream<Runnable> breakages() {
        return Stream.of(
                () -> held = new long[Integer.MAX_VALUE],
                () -> System.load(Path.of("no-such-library.so").toAbsolutePath().toString()),
                () -> {
                    throw new UncheckedIOException(new IOException("Stale file handle"));
                });
    }

    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    private Outcome.Failed failed() throws InterruptedException {
        return (Outcome.Failed) Objects.requireNonNull(outcomes.poll(30, TimeUnit.SECONDS));
    }

    private Outcome.Stored stored() throws InterruptedException {
        return (Outcome.Stored) Objects.requireNonNull(outcomes.poll(30, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void store_thatBreaks_isAFailureLikeAnyOther(Runnable breakage) throws Exception {
        try (CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true)) {
            pipeline.submit(Snapshots.of(10), new Through(breakage, new CheckpointStore(root)), true, outcomes::add);
            assertThat(failed().reason()).contains("the checkpoint of step 10 could not be written");
            pipeline.submit(Snapshots.of(20), new CheckpointStore(root), true, outcomes::add);
            Outcome.Stored twenty = stored();
            new CheckpointStore(root).open(twenty.reference()).verify();
            assertThat(twenty.chain()).isEqualTo(chain(10, 20)).isEqualTo(pipeline.chain());
        }
        assertThat(held).isEmpty();
    }

    /** Its digest would vouch for the wrong bytes, and nobody who reads it could tell. */
    @Test
    void copyThatHasChanged_isNotWritten_norIsItsChainKnown() throws Exception {
        try (CheckpointPipeline pipeline = new CheckpointPipeline(copy -> copy.step() != 20)) {
            pipeline.submit(Snapshots.of(10), new CheckpointStore(root), true, outcomes::add);
            assertThat(stored().reference().step()).isEqualTo(10);
            pipeline.submit(Snapshots.of(20), new CheckpointStore(root), true, outcomes::add);
            assertThat(failed().reason()).contains("step 20", "the memory of this worker has changed");
            assertThat(new CheckpointFolders(root).list(Snapshots.SPEC.id(), 100))
                    .hasSize(1);
            assertThatThrownBy(pipeline::chain).hasMessageContaining("the memory of this worker has changed");
        }
    }

    @Test
    void copyOfAStateThatWasReplaced_isNotWritten() throws Exception {
        BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
        try (CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true)) {
            pipeline.submit(Snapshots.of(10), new CheckpointStore(root), false, outcomes::add);
            pipeline.chain();
            pipeline.reset(DigestChain.EMPTY);
            pipeline.writeCopy(10, refusals::add);
            assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("no copy of step 10");
        }
    }

    private static DigestChain chain(long... steps) {
        DigestChain chain = DigestChain.EMPTY;
        for (long step : steps) {
            chain = chain.next(step, Snapshots.of(step).digests());
        }
        return chain;
    }

    @Test
    void store_thatCannotBeWritten_isToldOnceAndTriedAgainUntilItCan() throws Exception {
        Path folder = root.resolve("store");
        Files.writeString(folder, "not a folder");
        try (Logged log = Logged.of(StoreOutage.class);
                CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true)) {
            pipeline.submit(Snapshots.of(10), new CheckpointStore(folder), true, outcomes::add);
            Outcome.Failed ten = failed();
            assertThat(ten.reason()).contains("step 10").contains("free space");
            assertThat(ten.retried()).isTrue();
            await().until(() -> log.count(Level.DEBUG) >= 1);
            pipeline.submit(Snapshots.of(20), new CheckpointStore(folder), true, outcomes::add);
            assertThat(failed().reason()).contains("step 20");
            assertThat(log.count(Level.WARN)).isEqualTo(1);
            assertThat(outcomes).isEmpty();
            Files.delete(folder);
            Outcome.Stored twenty = stored();
            new CheckpointStore(folder).open(twenty.reference()).verify();
            assertThat(twenty.chain()).isEqualTo(chain(10, 20));
            assertThat(log.count(Level.INFO)).isEqualTo(1);
            assertThat(new CheckpointFolders(folder).list(Snapshots.SPEC.id(), 100))
                    .containsExactly(twenty.reference());
        }
    }

    @Test
    void store_thatTakesItsTime_stopsTrainingForAMomentOnly() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CheckpointStore store = new CheckpointStore(root);
        CheckpointAccess slow = new Through(() -> awaitUninterruptibly(gate), store);
        try (CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true, Duration.ofMillis(20));
                AutoCloseable whateverFails = gate::countDown) {
            pipeline.submit(Snapshots.of(10), slow, true, outcomes::add);
            pipeline.submit(Snapshots.of(20), slow, true, outcomes::add);
            Outcome.Failed leftOut = failed();
            assertThat(leftOut.reason()).contains("step 20 is left out");
            assertThat(leftOut.retried()).isFalse();
            assertThat(pipeline.chain()).isEqualTo(chain(10, 20));
            gate.countDown();
            assertThat(stored().reference().step()).isEqualTo(10);
            pipeline.submit(Snapshots.of(30), slow, true, outcomes::add);
            assertThat(stored().chain()).isEqualTo(chain(10, 20, 30));
        }
    }

    @Test
    void lastCheckpoint_isWaitedForHoweverLongTheOneBeforeTakes() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CheckpointAccess slow = new Through(() -> awaitUninterruptibly(gate), new CheckpointStore(root));
        try (CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true, Duration.ZERO);
                AutoCloseable whateverFails = gate::countDown) {
            pipeline.submit(Snapshots.of(90), slow, true, outcomes::add);
            Thread training = new Thread(() -> pipeline.submit(Snapshots.of(100), slow, true, outcomes::add));
            training.start();
            await().until(() -> training.getState() == Thread.State.WAITING);
            gate.countDown();
            training.join();
            assertThat(stored().reference().step()).isEqualTo(90);
            assertThat(stored().reference().step()).isEqualTo(100);
        }
    }

    @Test
    void copyThatTheStoreRefuses_isGivenUpWhenTheRunIsLeft() throws Exception {
        Path folder = Files.writeString(root.resolve("store"), "not a folder");
        try (Logged log = Logged.of(StoreOutage.class)) {
            try (CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true)) {
                pipeline.submit(Snapshots.of(10), new CheckpointStore(folder), true, outcomes::add);
                await().until(() -> log.count(Level.DEBUG) >= 1);
            }
            long tries = log.count(Level.DEBUG);
            await().during(Duration.ofMillis(1_200)).until(() -> log.count(Level.DEBUG) == tries);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void copy_isWrittenWhenAskedForUntilTheNextCheckpoint() throws Exception {
        BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
        Snapshot ten = Snapshots.of(10);
        CheckpointRef direct = new CheckpointStore(root).write(ten, ten.digests(), DigestChain.EMPTY);
        Path other = root.resolve("other");
        CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true);
        try (pipeline) {
            Snapshot live = Snapshots.of(10);
            pipeline.submit(live, new CheckpointStore(other), false, outcomes::add);
            live.parameters().set(0, 42); // training goes on
            pipeline.writeCopy(20, refusals::add);
            assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("no copy of step 20");
            assertThat(outcomes).isEmpty();
            pipeline.writeCopy(10, refusals::add);
            assertThat(stored().reference()).isEqualTo(direct);
            new CheckpointStore(other).open(direct).verify();
            pipeline.writeCopy(10, refusals::add);
            assertThat(stored().reference()).isEqualTo(direct);
            pipeline.submit(Snapshots.of(20), new CheckpointStore(other), false, outcomes::add);
            pipeline.writeCopy(10, refusals::add);
            assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("no copy of step 10");
        }
        pipeline.writeCopy(20, refusals::add);
        assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("left the run");
    }
}
