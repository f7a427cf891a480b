package org.isofleet.coordinator.http;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.coordinator.fit.FittedMetric;
import org.isofleet.coordinator.fit.StandardFits;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/** The events of a grid of runs that nobody trains: losses from a known surface. Two thirds are done, then come those that train, wait, failed. */
final class GridStudy {
    static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final String[] WORKERS = {"w1", "w2", "w3"};

    final StudyPlan plan;
    private final Random random = new Random(5);
    private Instant now = AT;

    private GridStudy(StudyPlan plan) {
        this.plan = plan;
    }

    /** @param seeds runs of each cell */
    static GridStudy of(int budgets, int sizes, int seeds) {
        List<PlannedRun> runs = new ArrayList<>();
        for (int b = 0; b < budgets; b++) {
            double budget = 1e11 * Math.pow(2, b);
            for (int s = 0; s < sizes; s++) {
                ModelShape shape = ModelShape.of(16, 3, 32, 1 + (s + b) / 4, 16 * (1 + (s + b) / 2), 1);
                long steps = Math.max(50, Math.round(new Budget(budget).tokensFor(shape) / shape.tokens() / 2));
                for (int seed = 0; seed < seeds; seed++) {
                    runs.add(new PlannedRun(spec(shape, budget, steps, 100L * s + seed), true, null, 1 << 20));
                }
            }
        }
        return new GridStudy(new StudyPlan(
                "feedfacecafebeef",
                "grid",
                runs,
                List.of(),
                EvaluationSpec.defaults(),
                RunPolicy.defaults(),
                List.of("resolution: 16", "grid: laid on 6 N D")));
    }

    private static RunSpec spec(ModelShape shape, double budget, long steps, long seed) {
        return new RunSpec(
                shape,
                new ImageSetRef("noto-16", "ab".repeat(32), 3000),
                new Budget(budget),
                steps,
                2,
                2,
                OptimizerSpec.of(0.004, 0.99),
                ScheduleSpec.cosine(1, 0.1),
                "dl4j",
                "fp32",
                seed,
                Math.max(1, steps / 4),
                true);
    }

    RunId id(int run) {
        return plan.runs().get(run).spec().id();
    }

    /** Everything until a moment in the middle of the study. */
    List<LiveEvent> events() {
        List<LiveEvent> events = new ArrayList<>();
        events.add(new LiveEvent.StudyStarted(now, plan));
        int done = plan.runs().size() * 2 / 3;
        List<Observation> observed = new ArrayList<>();
        for (String worker : WORKERS) {
            events.add(seen(worker, null, 0));
        }
        for (int i = 0; i < done; i++) {
            RunSpec spec = plan.runs().get(i).spec();
            events.add(change(i, RunState.FORMING, 1, List.of("w1"), null));
            events.add(change(i, RunState.TRAINING, 1, List.of("w1"), null));
            events.add(progress(i, 1, spec.steps()));
            String digest = "%064x".formatted(i + 1);
            CheckpointRef last = new CheckpointRef(spec.id(), spec.steps(), digest, "step-" + spec.steps());
            pass(400);
            events.add(new LiveEvent.CheckpointCommitted(now, last, true, 20));
            events.add(change(i, RunState.EVALUATING, 1, List.of(), null));
            double loss = loss(spec) + 0.004 * random.nextGaussian();
            events.add(result(spec, digest, new EvaluationResult.HeldOutLoss("test", loss, loss / 2, 0.1, 10)));
            events.add(result(spec, digest, completions(loss)));
            events.add(change(i, RunState.DONE, 1, List.of(), null));
            observed.add(new Observation(
                    spec.id().value(), spec.budget().flops(), spec.shape().params(), spec.tokensSeen(), loss));
        }
        List<ModelShape> shapes =
                plan.runs().stream().map(run -> run.spec().shape()).toList();
        events.add(new LiveEvent.FitsUpdated(
                now,
                "loss",
                new StandardFits().fit(FittedMetric.LOSS, Map.of("resolution", "16"), observed, shapes),
                done,
                plan.runs().size()));
        unfinished(events, done);
        return events;
    }

    private void unfinished(List<LiveEvent> events, int done) {
        for (int i = done; i < Math.min(done + 2, plan.runs().size()); i++) {
            String worker = WORKERS[i - done];
            events.add(change(i, RunState.FORMING, 2, List.of(worker), "worker w3 lost"));
            events.add(change(i, RunState.TRAINING, 2, List.of(worker), null));
            events.add(progress(i, 1, plan.runs().get(i).spec().steps() / 2));
            events.add(seen(worker, id(i), plan.runs().get(i).spec().steps() / 2));
        }
        if (done + 3 < plan.runs().size()) {
            events.add(change(done + 2, RunState.RETRYING, 1, List.of(), "a worker has too little memory"));
            events.add(
                    change(done + 3, RunState.PARKED, 3, List.of(), "failed 3 times: a worker has too little memory"));
        }
        events.add(new LiveEvent.WorkerLost(now, "w3", "connection closed", false));
        events.add(new LiveEvent.Warning(now, id(done), "checkpoint of step 7 no longer counts: damaged"));
    }

    LiveEvent.RunChanged change(
            int run, RunState state, long generation, List<String> workers, @Nullable String reason) {
        return new LiveEvent.RunChanged(now, id(run), state, generation, workers, (int) generation - 1, reason);
    }

    LiveEvent.Progress progress(int run, long from, long to) {
        RunSpec spec = plan.runs().get(run).spec();
        double end = loss(spec);
        List<StepMetrics> steps = new ArrayList<>();
        long stride = Math.max(1, (to - from) / 120);
        for (long step = from; step <= to; step += stride) {
            double share = (double) step / spec.steps();
            double value = end + (10.2 - end) * Math.exp(-7 * Math.pow(share, 0.55)) + 0.05 * random.nextGaussian();
            steps.add(new StepMetrics(step, value, 0.6, 0.004, 0.01));
        }
        return new LiveEvent.Progress(now, spec.id(), 1, steps, 40_000);
    }

    LiveEvent.WorkerSeen seen(String worker, @Nullable RunId run, long step) {
        return new LiveEvent.WorkerSeen(
                now,
                worker,
                "host-" + worker,
                "AMD EPYC, 1 thread",
                "dl4j fp32",
                run,
                run == null ? "idle" : "training",
                step,
                run == null ? 0 : 40_000,
                400L << 20,
                worker.equals("w2") && run != null ? 2.4 : 1.02);
    }

    private LiveEvent result(RunSpec spec, String digest, EvaluationResult result) {
        pass(50);
        return new LiveEvent.EvaluationRecorded(now, spec.id(), digest, result);
    }

    private static double loss(RunSpec spec) {
        return 3.2
                + 120 * Math.pow((double) spec.shape().params(), -0.5)
                + 6e3 * Math.pow((double) spec.tokensSeen(), -0.6);
    }

    private static EvaluationResult completions(double loss) {
        EvaluationResult like = TestPlans.result(EvaluationKind.COMPLETIONS);
        EvaluationResult.CompletionDistance test = (EvaluationResult.CompletionDistance) like;
        return new EvaluationResult.CompletionDistance(
                test.protocol(),
                test.features(),
                4 * loss,
                9,
                512,
                380,
                1,
                picture(loss),
                test.measuredBy(),
                test.featuresSha256(),
                test.dimension(),
                test.infinity());
    }

    private static String picture(double loss) {
        BufferedImage image = new BufferedImage(8 * 17, 2 * 17, BufferedImage.TYPE_INT_RGB);
        Random dots = new Random(Double.hashCode(loss));
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                boolean gap = x % 17 == 16 || y % 17 == 16;
                double far = Math.hypot(x % 17 - 8, y % 17 - 8);
                int hue = (x / 17) * 40 + dots.nextInt(y > 17 ? 60 : 8);
                image.setRGB(x, y, gap ? 0xffffff : Color.HSBtoRGB(hue / 360f, far < 7 ? 0.7f : 0.05f, 0.95f));
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(png.toByteArray());
    }

    private void pass(long millis) {
        now = now.plusMillis(millis);
    }
}
