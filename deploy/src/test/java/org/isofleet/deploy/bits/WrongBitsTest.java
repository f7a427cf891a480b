package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bit flips at one member, in its parameters, its moments, or a gradient, as a bad memory cell or a bad core does it. Real nodes in one
 * process, because a bit must be reached.
 */
@Tag("slow")
class WrongBitsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long FLIP_AT = 600;

    @TempDir
    Path temp = Path.of("");

    private final List<LiveEvent> seen = new CopyOnWriteArrayList<>();

    private enum Flip {
        PARAMETER,
        MOMENT,
        GRADIENT
    }

    @Test
    void flippedBit_isNoticedBeforeItIsUsed_andTheRunEndsWithTheRightBits() throws Exception {
        String text = Files.readString(SameBitsTest.file("short.conf"))
                .replace(", \"2x12\"", "")
                .replace("3e10", "1.5e10");
        StudyPlan plan = plan("hashed.conf", text);
        StudyPlan audited = plan("audited.conf", text + "\nworkers.audit = 1\n");
        assertThat(audited.runs().get(0).spec()).isEqualTo(plan.runs().get(0).spec());
        String undisturbed = train(plan, temp.resolve("quiet"), null);
        assertThat(reasons()).isEmpty();

        assertThat(train(plan, temp.resolve("parameter"), Flip.PARAMETER)).isEqualTo(undisturbed);
        assertNoticed("the state of w1 has hash", "the state of w2 has hash", "one of them computed wrongly");
        assertThat(train(plan, temp.resolve("moment"), Flip.MOMENT)).isEqualTo(undisturbed);
        assertNoticed("the state of w1 has hash", "the state of w2 has hash", "one of them computed wrongly");
        assertThat(train(audited, temp.resolve("gradient"), Flip.GRADIENT)).isEqualTo(undisturbed);
        assertNoticed("was computed 4 times and came to different bits; w2 computed wrongly");
    }

    private StudyPlan plan(String name, String text) throws IOException {
        return StudyPlans.onLocalImages(
                StudySource.open(Files.writeString(temp.resolve(name), text).toString()));
    }

    private void assertNoticed(String... reason) {
        assertThat(reasons()).singleElement().asString().contains(reason);
        assertThat(seen)
                .filteredOn(LiveEvent.Warning.class::isInstance)
                .extracting(event -> ((LiveEvent.Warning) event).text())
                .anySatisfy(text -> assertThat(text).contains("read the checkpoint of step 400"));
    }

    /** Why the group was formed again, or the run tried again. */
    private List<String> reasons() {
        return seen.stream()
                .filter(LiveEvent.RunChanged.class::isInstance)
                .map(LiveEvent.RunChanged.class::cast)
                .filter(changed ->
                        changed.state() == LiveEvent.RunState.FORMING || changed.state() == LiveEvent.RunState.RETRYING)
                .map(changed -> String.valueOf(changed.reason()))
                .filter(reason -> reason.contains("computed wrongly"))
                .toList();
    }

    /** The digest of the only run. */
    private String train(StudyPlan plan, Path folder, @Nullable Flip flip) throws Exception {
        Files.createDirectories(folder);
        seen.clear();
        try (CoordinatorNode coordinator = CoordinatorNode.start(CoordinatorSettings.local(folder, "secret"))) {
            coordinator.subscribe(seen::add);
            try (WorkerNode first = worker("w1", coordinator.port(), null);
                    WorkerNode second = worker("w2", coordinator.port(), flip)) {
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

    private static WorkerNode worker(String id, int coordinatorPort, @Nullable Flip flip) {
        AtomicReference<LocalTrainingHost> host = new AtomicReference<>();
        EngineFactory engines = flip == null ? Dl4jEngine.factory() : flippingABit(flip, host);
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
                        (settings, incarnation, listener) -> {
                            LocalTrainingHost made = new LocalTrainingHost(
                                    id,
                                    incarnation,
                                    settings.host(),
                                    settings.secret().getBytes(StandardCharsets.UTF_8),
                                    engines,
                                    images,
                                    1,
                                    listener);
                            host.set(made);
                            return made;
                        },
                        Evaluators.on(
                                new Workbench(Dl4jEngine.factory(), images, 1, CheckpointRoutes.local()),
                                FeatureNetwork.embedded())));
    }

    /** Engines of which one, once, has another bit than was written. */
    private static EngineFactory flippingABit(Flip flip, AtomicReference<LocalTrainingHost> host) {
        AtomicLong gradients = new AtomicLong();
        return (shape, lanes, images) -> {
            PixelEngine engine = Dl4jEngine.factory().create(shape, lanes, images);
            return (PixelEngine) Proxy.newProxyInstance(
                    PixelEngine.class.getClassLoader(),
                    new Class<?>[] {PixelEngine.class},
                    (proxy, method, arguments) -> {
                        boolean now = method.getName().equals("gradient")
                                && gradients.incrementAndGet() == (flip == Flip.GRADIENT ? 2 * FLIP_AT : FLIP_AT);
                        if (now && flip != Flip.GRADIENT) {
                            flip(flip == Flip.PARAMETER ? engine.parameters() : moments(host.get()));
                        }
                        Object loss = method.invoke(engine, arguments);
                        if (now && flip == Flip.GRADIENT) {
                            flip((FlatVector) arguments[2]);
                        }
                        return loss;
                    });
        };
    }

    private static void flip(FlatVector vector) {
        vector.set(100, Float.intBitsToFloat(Float.floatToRawIntBits(vector.get(100)) ^ 1 << 20));
    }

    /** First moments, which nobody outside training has business with. */
    private static FlatVector moments(LocalTrainingHost host) throws ReflectiveOperationException {
        Object at = host;
        for (String name : List.of("trainer", "run", "state", "first")) {
            Field field = at.getClass().getDeclaredField(name);
            field.setAccessible(true);
            at = field.get(at);
        }
        return (FlatVector) at;
    }
}
