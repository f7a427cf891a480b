package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSetException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets too large to be checked when they are opened are checked block by block, in the middle of a step and on any lane. */
class DamagedImagesTest {
    private static final String REASON =
            "/images/8-train-0003.shard is damaged: the block of images 0 to 99 does not have its checksum; fetch or pack it again";

    @TempDir
    Path store;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void blockFoundDamagedWhileTraining_failsTheRunInOneLine_andKeepsTheStepsBefore(int lanes) throws IOException {
        RunSpec spec = SmallRuns.spec(20, 8);
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = new LocalTrainingHost(
                "w1",
                1,
                "127.0.0.1",
                new byte[32],
                (shape, count, images) -> new BigramEngine(shape, count),
                (reference, shape) -> damagedAfter(4 * spec.batch()),
                lanes,
                reports)) {
            host.prepare(new GroupPlan(spec, 1, List.of(new Member("w1", 1, host.bulkAddress())), store.toString()));
            reports.await(RunReport.GroupPrepared.class);
            host.start(spec.id(), 1, new StartPoint.Fresh());
            assertThat(reports.await(RunReport.TrainingFailed.class).reason()).isEqualTo(REASON);
            assertThat(Objects.requireNonNull(host.held()).step()).isEqualTo(4);
        }
    }

    /** Images of which only so many can be read; then it fails as {@code ShardFile} does. */
    private static ImageSet damagedAfter(int reads) {
        AtomicInteger left = new AtomicInteger(reads);
        ImageSet images = SmallRuns.images();
        return (ImageSet) Proxy.newProxyInstance(
                ImageSet.class.getClassLoader(), new Class<?>[] {ImageSet.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("read") && left.getAndDecrement() <= 0) {
                        throw new java.io.UncheckedIOException(REASON, new ImageSetException(REASON));
                    }
                    try {
                        return method.invoke(images, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
