package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.isofleet.coordinator.node.CoordinatorNode;
import org.isofleet.coordinator.node.CoordinatorSettings;
import org.isofleet.deploy.study.StudyPlans;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.checkpoint.ParameterDigest;
import org.isofleet.worker.data.PackedImageSets;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.evaluate.Evaluators;
import org.isofleet.worker.evaluate.FeatureNetwork;
import org.isofleet.worker.evaluate.Workbench;
import org.isofleet.worker.node.WorkerNode;
import org.isofleet.worker.node.WorkerParts;
import org.isofleet.worker.node.WorkerSettings;
import org.isofleet.worker.train.LocalTrainingHost;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bit of one member's parameters flips, as a bad memory cell does it. Real nodes in one process, because a bit must be reached. */
@Tag("slow")
class WrongBitsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long FLIP_AT = 600;

    @TempDir
    Path temp = Path.of("");

    private final List<LiveEvent> seen = new CopyOnWriteArrayList<>();

    @Test
    void flippedBit_isNoticedBeforeItIsSummed_andTheRunEndsWithTheRightBits() throws Exception {
        Path file = Files.writeString(
                temp.resolve("one.conf"),
                Files.readString(SameBitsTest.file("short.conf"))
                        .replace(", \"2x12\"", "")
                        .replace("3e10", "1.5e10"));
        StudyPlan plan = StudyPlans.onLocalImages(StudySource.open(file.toString()));
        String undisturbed = train(plan, temp.resolve("quiet"), Dl4jEngine.factory());
        assertThat(reasons()).isEmpty();

        assertThat(train(plan, temp.resolve("flipped"), flippingABit())).isEqualTo(undisturbed);
        assertThat(reasons())
                .singleElement()
                .asString()
                .contains("the state of w1 has hash", "the state of w2 has hash", "one of them computed wrongly");
        assertThat(seen)
                .filteredOn(LiveEvent.Warning.class::isInstance)
                .extracting(event -> ((LiveEvent.Warning) event).text())
                .anySatisfy(text -> assertThat(text).contains("read the checkpoint of step 400"));
    }

    /** Why the run had to be tried again. */
    private List<String> reasons() {
        return seen.stream()
                .filter(LiveEvent.RunChanged.class::isInstance)
                .map(LiveEvent.RunChanged.class::cast)
                .filter(changed -> changed.state() == LiveEvent.RunState.RETRYING)
                .map(changed -> String.valueOf(changed.reason()))
                .toList();
    }

    /** The digest of the only run. */
    private String train(StudyPlan plan, Path folder, EngineFactory enginesOfSecond) throws Exception {
        Files.createDirectories(folder);
        seen.clear();
        try (CoordinatorNode coordinator = CoordinatorNode.start(CoordinatorSettings.local(folder, "secret"))) {
            coordinator.subscribe(seen::add);
            try (WorkerNode first = worker("w1", coordinator.port(), Dl4jEngine.factory());
                    WorkerNode second = worker("w2", coordinator.port(), enginesOfSecond)) {
                await().atMost(PATIENCE)
                        .until(() -> List.of("w1", "w2").stream().allMatch(this::isSeen));
                coordinator.submit(plan).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(coordinator
                                .outcome(plan.studyId())
                                .toCompletableFuture()
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .count(RunOutcome.DONE))
                        .isEqualTo(1);
                assertThat(first.incarnation()).isNotEqualTo(second.incarnation());
            }
        }
        String run = plan.runs().get(0).spec().id().toString();
        return ParameterDigest.of(folder.resolve("checkpoints").resolve(run)).sha256();
    }

    private boolean isSeen(String workerId) {
        return seen.stream()
                .anyMatch(event -> event instanceof LiveEvent.WorkerSeen worker
                        && worker.workerId().equals(workerId));
    }

    private static WorkerNode worker(String id, int coordinatorPort, EngineFactory engines) {
        PackedImageSets images = PackedImageSets.inUserCache();
        return WorkerNode.start(
                new WorkerSettings(
                        id,
                        List.of("127.0.0.1:" + coordinatorPort),
                        "127.0.0.1",
                        0,
                        0,
                        "secret",
                        1,
                        1L << 30,
                        Duration.ZERO),
                new WorkerParts(
                        "test",
                        List.of(new KernelClass("dl4j", "test", "fp32")),
                        (settings, incarnation, listener) -> new LocalTrainingHost(
                                id,
                                incarnation,
                                settings.host(),
                                settings.secret().getBytes(StandardCharsets.UTF_8),
                                engines,
                                images,
                                1,
                                listener),
                        Evaluators.on(
                                new Workbench(Dl4jEngine.factory(), images, 1, CheckpointRoutes.local()),
                                FeatureNetwork.embedded())));
    }

    /** Engines of which one, once, computes a gradient with a parameter that has another bit than was written. */
    private static EngineFactory flippingABit() {
        AtomicLong gradients = new AtomicLong();
        return (shape, lanes, images) -> {
            PixelEngine engine = Dl4jEngine.factory().create(shape, lanes, images);
            return (PixelEngine) Proxy.newProxyInstance(
                    PixelEngine.class.getClassLoader(),
                    new Class<?>[] {PixelEngine.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("gradient") && gradients.incrementAndGet() == FLIP_AT) {
                            FlatVector parameters = engine.parameters();
                            parameters.set(
                                    100, Float.intBitsToFloat(Float.floatToRawIntBits(parameters.get(100)) ^ 1 << 20));
                        }
                        return method.invoke(engine, arguments);
                    });
        };
    }
}
