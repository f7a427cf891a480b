package org.isofleet.metrics.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.LeftOutCell;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.ProbeProtocol;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/**
 * The event stream of a study that was never trained: losses from a known surface with a little noise, two workers of which one dies
 * in the middle, one run that is parked. For tests, and for looking at console and report.
 */
public final class SimulatedStudy {
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    public static final List<Double> BUDGETS = List.of(1e11, 2e11, 4e11, 8e11);

    private static final int[][] SHAPES = {
        // layers, width, heads
        {1, 24, 1}, {2, 24, 1}, {2, 32, 2}, {3, 32, 2}, {3, 40, 2}, {4, 48, 2}, {5, 56, 4}
    };
    private static final double FLOPS_PER_SECOND = 1.2e11;

    private final Random random = new Random(7);
    private final List<LiveEvent> events = new ArrayList<>();
    private final Map<RunId, Double> losses = new LinkedHashMap<>();
    private final StudyPlan plan = plan();
    private StudyView view = StudyView.EMPTY;
    private Instant now = START;
    private boolean lost;
    private int finished;

    /** The events of the whole study, in the order in which they happen. */
    public static List<LiveEvent> events() {
        return Played.EVENTS;
    }

    private static List<LiveEvent> played() {
        SimulatedStudy study = new SimulatedStudy();
        study.play();
        return List.copyOf(study.events);
    }

    private static final class Played {
        static final List<LiveEvent> EVENTS = played();
    }

    /** The view of the finished study. */
    public static StudyView finished() {
        return fold(events());
    }

    /** The view after the first events, a share of all. */
    public static StudyView partial(double share) {
        List<LiveEvent> all = events();
        return fold(all.subList(0, (int) (share * all.size())));
    }

    public static StudyView fold(List<LiveEvent> events) {
        StudyView view = StudyView.EMPTY;
        for (LiveEvent event : events) {
            view = view.with(event);
        }
        return view;
    }

    /** The event at another time. */
    public static LiveEvent shifted(LiveEvent event, Duration by) {
        ObjectNode json = LiveJson.mapper().valueToTree(event);
        json.put("at", event.at().plus(by).toString());
        try {
            return LiveJson.mapper().treeToValue(json, LiveEvent.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static StudyPlan plan() {
        List<PlannedRun> runs = new ArrayList<>();
        List<LeftOutCell> leftOut = new ArrayList<>();
        for (double budget : BUDGETS) {
            for (int[] s : SHAPES) {
                ModelShape shape = ModelShape.of(16, 3, 32, s[0], s[1], s[2]);
                int batch = 2;
                long steps = Math.round(new Budget(budget).tokensFor(shape) / shape.tokens() / batch);
                if (steps < 200) {
                    leftOut.add(new LeftOutCell(
                            budget,
                            16,
                            s[0],
                            s[1],
                            shape.params(),
                            "only " + steps + " steps; 200 are the least worth training"));
                    continue;
                }
                RunSpec spec = new RunSpec(
                        shape,
                        new ImageSetRef("noto-16", "ab".repeat(32), 3000),
                        new Budget(budget),
                        steps,
                        batch,
                        2,
                        OptimizerSpec.of(0.004, 0.99),
                        ScheduleSpec.cosine(steps / 20, 0.1),
                        "dl4j",
                        "fp32",
                        1,
                        Math.max(100, steps / 4),
                        true);
                String label = shape.headDominated() ? "head-dominated" : steps < 1000 ? "under 1000 steps" : null;
                runs.add(new PlannedRun(spec, label == null, label, 200L << 20));
            }
        }
        runs.sort(Comparator.comparingDouble(run -> run.spec().exactFlops()));
        return new StudyPlan(
                "0123456789abcdef",
                "demo",
                runs,
                leftOut,
                EvaluationSpec.defaults(),
                RunPolicy.defaults(),
                List.of(
                        "resolution: 16",
                        "channels: 3",
                        "levels: 32",
                        "head: channel-autoregressive, R then G then B",
                        "optimizer: AdamW, beta1 0.9, beta2 0.99, weight decay 0.1",
                        "learning rate: tuned rule lr(N, batch), tuning 5f2c",
                        "schedule: cosine to a tenth, warm-up 5 % of the steps",
                        "grid: laid on 6 N D",
                        "temperature: 1",
                        "entropy of joint colours: 5.10 nats a pixel",
                        "features of the Fréchet distance: isofleet-emoji64, not FID"));
    }

    private void play() {
        add(new LiveEvent.StudyStarted(now, plan));
        beat(null, "idle", 0, 0);
        RunId parked = plan.runs().get(4).spec().id();
        for (PlannedRun planned : plan.runs()) {
            RunId id = planned.spec().id();
            change(id, RunState.FORMING, 1, 0, null);
            pass(200);
            if (id.equals(parked)) {
                for (int attempt = 1; attempt < 3; attempt++) {
                    change(id, RunState.RETRYING, attempt, attempt, "a worker has too little memory");
                    pass(500);
                }
                change(id, RunState.PARKED, 3, 3, "failed 3 times: a worker has too little memory");
                continue;
            }
            train(planned);
            evaluate(planned);
        }
        pass(300);
        add(new LiveEvent.StudyFinished(
                now, finished, 1, Duration.between(START, now).toMillis() / 1000.0));
    }

    private void train(PlannedRun planned) {
        RunSpec spec = planned.spec();
        RunId id = spec.id();
        change(id, RunState.TRAINING, 1, 0, null);
        double end = loss(spec);
        losses.put(id, end);
        double seconds = spec.exactFlops() / FLOPS_PER_SECOND;
        long pieces = Math.max(4, Math.round(seconds / 0.4));
        long generation = 1;
        long step = 0;
        for (long piece = 1; piece <= pieces; piece++) {
            long until = spec.steps() * piece / pieces;
            List<StepMetrics> steps = new ArrayList<>();
            long stride = Math.max(1, (until - step) / 8);
            for (step++; step <= until; step += stride) {
                double share = (double) step / spec.steps();
                double value = end + (10.2 - end) * Math.exp(-7 * Math.pow(share, 0.55)) + 0.06 * random.nextGaussian();
                steps.add(new StepMetrics(step, value, 0.6, 0.004, seconds / spec.steps()));
            }
            step = until;
            pass(Math.round(1000 * seconds / pieces));
            double rate = spec.tokensSeen() / seconds * (1 + 0.05 * random.nextGaussian());
            add(new LiveEvent.Progress(now, id, generation, steps, rate));
            beat(id, "training", step, rate);
            if (!lost && finished == plan.runs().size() / 2 && piece == pieces / 2) {
                lost = true;
                add(new LiveEvent.WorkerLost(now, "w2", "connection closed", false));
                generation = 2;
                change(id, RunState.FORMING, 2, 0, "worker w2 lost");
                pass(300);
                change(id, RunState.TRAINING, 2, 0, null);
            }
        }
        String digest = "%064x".formatted(new java.math.BigInteger(250, new Random(id.hashCode())));
        add(new LiveEvent.CheckpointCommitted(now, new CheckpointRef(id, spec.steps(), digest, "last"), true, seconds));
    }

    private void evaluate(PlannedRun planned) {
        RunSpec spec = planned.spec();
        RunId id = spec.id();
        double loss = losses.getOrDefault(id, 0.0);
        change(id, RunState.EVALUATING, 1, 0, null);
        String digest = ((LiveEvent.CheckpointCommitted) events.get(events.size() - 2))
                .checkpoint()
                .digest();
        double quality = Math.max(0, 6.2 - loss);
        List<EvaluationResult> results = List.of(
                new EvaluationResult.HeldOutLoss("test, 380 images", loss, loss / 3 / Math.log(2), 0.02, 380),
                new EvaluationResult.LinearProbe(
                        "mean-pooled, L-BFGS",
                        2,
                        0.22 + 0.11 * quality,
                        0.3 + 0.1 * quality,
                        0.111,
                        0.27,
                        0.18,
                        0.2,
                        List.of(
                                new EvaluationResult.LayerAccuracy(0, 0.18, 1),
                                new EvaluationResult.LayerAccuracy(1, 0.24, 1),
                                new EvaluationResult.LayerAccuracy(2, 0.25 + 0.1 * quality, 1)),
                        3000,
                        380,
                        ProbeProtocol.FAST,
                        0.6 + 0.1 * quality),
                new EvaluationResult.CompletionDistance(
                        "top half, temperature 1, 512 against 380",
                        "isofleet-emoji64",
                        60 - 22 * quality + random.nextGaussian(),
                        4.1,
                        512,
                        380,
                        1,
                        samples(id, quality),
                        DistanceProtocol.OWN,
                        "",
                        64,
                        null));
        for (EvaluationResult result : results) {
            pass(250);
            beat(id, "evaluating", spec.steps(), 0);
            add(new LiveEvent.EvaluationRecorded(now, id, digest, result));
        }
        finished++;
        change(id, RunState.DONE, 1, 0, null);
        fits();
    }

    private void fits() {
        fit("loss", MetricDirection.MINIMISE);
        fit("top1", MetricDirection.MAXIMISE);
        fit("fd", MetricDirection.MINIMISE);
    }

    private void fit(String metric, MetricDirection direction) {
        List<Observation> points = new ArrayList<>();
        for (RunView run : view.runs()) {
            if (run.state() == RunState.DONE
                    && run.planned().fitted()
                    && run.metric(metric).isPresent()) {
                points.add(new Observation(
                        run.id().value(),
                        run.budgetFlops(),
                        run.params(),
                        run.tokens(),
                        run.metric(metric).getAsDouble()));
            }
        }
        List<ScalingFit> fits = new ArrayList<>();
        for (FitMethod method : List.of(FitMethod.VPNLS, FitMethod.LOCAL_PARABOLA, FitMethod.AKIMA)) {
            int draws = points.size() > 8 ? 40 : 0;
            fits.add(Fits.fit(FitRequest.of(points, method, direction)
                    .withBootstrap(draws)
                    .withGroup(Map.of("resolution", "16"))
                    .withShapes(plan.runs().stream()
                            .map(run -> run.spec().shape())
                            .distinct()
                            .toList())));
        }
        add(new LiveEvent.FitsUpdated(now, metric, fits, finished, plan.runs().size()));
    }

    private double loss(RunSpec spec) {
        double params = spec.shape().params();
        double tokens = spec.tokensSeen();
        return 2.1 + 100 * Math.pow(params, -0.42) + 330 * Math.pow(tokens, -0.38) + 0.012 * random.nextGaussian();
    }

    private static String samples(RunId id, double quality) {
        Random paint = new Random(id.hashCode());
        BufferedImage image = new BufferedImage(8 * 17 - 1, 3 * 17 - 1, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int column = 0; column < 8; column++) {
            Color skin = Color.getHSBColor(paint.nextFloat(), 0.5f, 0.95f);
            for (int row = 0; row < 3; row++) {
                int left = column * 17;
                int top = row * 17;
                graphics.setColor(Color.WHITE);
                graphics.fillRect(left, top, 16, 16);
                graphics.setColor(skin);
                graphics.fillOval(left + 1, top + 1, 14, 14);
                graphics.setColor(Color.DARK_GRAY);
                graphics.fillRect(left + 4, top + 5, 2, 2);
                graphics.fillRect(left + 10, top + 5, 2, 2);
                if (row == 0) {
                    graphics.fillRect(left + 5, top + 11, 6, 1);
                }
                for (int i = 0; row > 0 && i < 30 * (1.6 - quality); i++) {
                    image.setRGB(left + paint.nextInt(16), top + 8 + paint.nextInt(8), paint.nextInt(1 << 24));
                }
            }
        }
        graphics.dispose();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", bytes);
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change(RunId id, RunState state, long generation, int restarts, @Nullable String reason) {
        List<String> members = lost ? List.of("w1") : List.of("w1", "w2");
        add(new LiveEvent.RunChanged(now, id, state, generation, members, restarts, reason));
    }

    private void beat(@Nullable RunId id, String doing, long step, double rate) {
        for (String worker : lost ? List.of("w1") : List.of("w1", "w2")) {
            add(new LiveEvent.WorkerSeen(
                    now,
                    worker,
                    "localhost",
                    "cpu, 1 thread",
                    "dl4j cpu fp32",
                    id,
                    doing,
                    step,
                    rate / 2,
                    412L << 20,
                    id == null ? 0 : worker.equals("w2") ? 1.7 : 1));
        }
    }

    private void pass(long millis) {
        now = now.plusMillis(millis);
    }

    private void add(LiveEvent event) {
        events.add(event);
        view = view.with(event);
    }
}
