package org.isofleet.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointPipelineTest {
    @TempDir
    Path root;

    /** A store that goes through something which ends by an Error or an unchecked exception of the platform itself. */
    private static CheckpointAccess through(Runnable what) {
        return new CheckpointAccess() {
            @Override
            public CheckpointRef write(Snapshot snapshot, StateDigests digests, DigestChain chain) {
                what.run();
                throw new AssertionError("it should not have come so far");
            }

            @Override
            public void read(CheckpointRef reference, Reader reader) {
                what.run();
            }

            @Override
            public List<CheckpointRef> list(RunId runId, long atOrBelow) {
                return List.of();
            }

            @Override
            public void collect(RunId runId, long generation, List<CheckpointRef> keep) {}
        };
    }

    private static long[] held = {};

    static Stream<Runnable> breakages() {
        return Stream.of(
                () -> held = new long[Integer.MAX_VALUE],
                () -> System.load(Path.of("no-such-library.so").toAbsolutePath().toString()),
                () -> Path.of("\0"));
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void store_thatBreaks_isAFailureLikeAnyOther(Runnable breakage) throws Exception {
        BlockingQueue<CheckpointPipeline.Outcome> outcomes = new LinkedBlockingQueue<>();
        try (CheckpointPipeline pipeline = new CheckpointPipeline()) {
            pipeline.submit(Snapshots.of(10), through(breakage), true, outcomes::add);
            CheckpointPipeline.Outcome ten = Objects.requireNonNull(outcomes.poll(30, TimeUnit.SECONDS));
            assertThat(ten.failure()).contains("the checkpoint of step 10 could not be written");
            pipeline.submit(Snapshots.of(20), new CheckpointStore(root), true, outcomes::add);
            CheckpointRef twenty = Objects.requireNonNull(Objects.requireNonNull(outcomes.poll(30, TimeUnit.SECONDS))
                    .reference());
            new CheckpointStore(root).open(twenty).verify();
            assertThat(pipeline.chain().step()).isEqualTo(20);
        }
        assertThat(held).isEmpty();
    }

    @Test
    void store_thatCannotBeWritten_isAFailureAndLeavesNothing() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "not a folder");
        try (CheckpointPipeline pipeline = new CheckpointPipeline()) {
            pipeline.submit(Snapshots.of(10), new CheckpointStore(file), true, outcome -> {});
            assertThat(pipeline.await().failure()).contains("step 10").contains("free space");
            assertThat(pipeline.await().reference()).isNull();
            assertThat(pipeline.chain().step()).isEqualTo(10);
        }
    }

    @Test
    void copy_isWrittenWhenAskedForUntilTheNextCheckpoint() throws Exception {
        BlockingQueue<CheckpointPipeline.Outcome> outcomes = new LinkedBlockingQueue<>();
        BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
        Snapshot ten = Snapshots.of(10);
        CheckpointRef direct = new CheckpointStore(root).write(ten, ten.digests(), DigestChain.EMPTY);
        Path other = root.resolve("other");
        CheckpointPipeline pipeline = new CheckpointPipeline();
        try (pipeline) {
            Snapshot live = Snapshots.of(10);
            pipeline.submit(live, new CheckpointStore(other), false, outcomes::add);
            live.parameters().set(0, 42); // training goes on
            pipeline.writeCopy(20, refusals::add);
            assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("no copy of step 20");
            assertThat(outcomes).isEmpty();
            pipeline.writeCopy(10, refusals::add);
            assertThat(Objects.requireNonNull(outcomes.poll(30, TimeUnit.SECONDS))
                            .reference())
                    .isEqualTo(direct);
            new CheckpointStore(other).open(direct).verify();
            pipeline.writeCopy(10, refusals::add);
            assertThat(Objects.requireNonNull(outcomes.poll(30, TimeUnit.SECONDS))
                            .reference())
                    .isEqualTo(direct);
            pipeline.submit(Snapshots.of(20), new CheckpointStore(other), false, outcomes::add);
            pipeline.writeCopy(10, refusals::add);
            assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("no copy of step 10");
        }
        pipeline.writeCopy(20, refusals::add);
        assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("left the run");
    }
}
