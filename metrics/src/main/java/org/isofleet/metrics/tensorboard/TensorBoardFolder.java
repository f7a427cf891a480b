package org.isofleet.metrics.tensorboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.CheckpointCommitted;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code tensorboard/} of a study folder: a folder for each run with its scalars, written while it runs. Of a long run at most about
 * {@value #MOST_POINTS} steps stand there, evenly spread. It is telemetry: a file that cannot be written is tried again with the next event, and
 * nothing waits for it. One writer a folder, one thread at a time.
 */
public final class TensorBoardFolder {
    public static final String NAME = "tensorboard";

    /** Of training. */
    public static final String LOSS = "loss/train";

    static final int MOST_POINTS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(TensorBoardFolder.class);

    private final Path folder;
    private final Map<RunId, ScalarFile> files = new HashMap<>();
    private boolean failing;

    /** @param folder made with the first event of a run */
    public TensorBoardFolder(Path folder) {
        this.folder = folder;
    }

    /** Folder of a run: what people call it, and its id. */
    public static String name(RunView run) {
        String budget = String.format(Locale.ROOT, "%.2e", run.budgetFlops()).replace("e+", "e");
        return "N" + run.spec().shape().params() + "-C" + budget + "-"
                + run.id().value();
    }

    /**
     * Takes an event of any kind.
     *
     * @param view the study after it
     */
    public void take(StudyView view, LiveEvent event) {
        if (event instanceof Progress progress) {
            view.run(progress.runId())
                    .ifPresent(run -> write(run, () -> file(run).append(steps(run, progress))));
        } else if (event instanceof EvaluationRecorded recorded) {
            view.run(recorded.runId()).ifPresent(run -> write(run, () -> take(run, recorded)));
        }
    }

    private interface Writing {
        void write() throws IOException;
    }

    private void write(RunView run, Writing writing) {
        try {
            writing.write();
            failing = false;
        } catch (IOException e) {
            files.remove(run.id()); // what is there then is read again
            if (!failing) {
                LOG.warn("{} is not written for now: {}", folder, e.toString());
            }
            failing = true;
        }
    }

    private void take(RunView run, EvaluationRecorded recorded) throws IOException {
        if (!isKnown(run, recorded.at())) {
            file(run)
                    .append(List.of(
                            new ScalarFile.Step(recorded.at(), step(run, recorded), scalars(recorded.result()))));
        }
    }

    private ScalarFile file(RunView run) throws IOException {
        ScalarFile open = files.get(run.id());
        if (open == null) {
            open = ScalarFile.open(folder.resolve(name(run)));
            files.put(run.id(), open);
        }
        return open;
    }

    /** After a restart all results come once more: the files of runs that ended before need not be read for that. */
    private boolean isKnown(RunView run, Instant at) throws IOException {
        Path file = folder.resolve(name(run)).resolve(ScalarFile.NAME);
        return !files.containsKey(run.id())
                && Files.exists(file)
                && !Files.getLastModifiedTime(file).toInstant().isBefore(at);
    }

    private List<ScalarFile.Step> steps(RunView run, Progress progress) throws IOException {
        long stride = Math.max(1, (run.spec().steps() + MOST_POINTS - 1) / MOST_POINTS);
        long last = file(run).lastStep(LOSS);
        List<ScalarFile.Step> steps = new ArrayList<>();
        List<StepMetrics> told = progress.steps();
        for (int i = 0; i < told.size(); i++) {
            StepMetrics step = told.get(i);
            if (step.step() > last
                    && (last < 0
                            || step.step() / stride > last / stride
                            || step.step() == run.spec().steps())) {
                Map<String, Float> scalars = new HashMap<>(Map.of(
                        LOSS,
                        (float) step.lossNatsPerPixel(),
                        "optimizer/gradient_norm",
                        (float) step.gradientNorm(),
                        "optimizer/learning_rate",
                        (float) step.learningRate(),
                        "speed/step_seconds",
                        (float) step.seconds()));
                if (i == told.size() - 1) {
                    scalars.put("speed/tokens_per_second", (float) progress.tokensPerSecond());
                }
                steps.add(new ScalarFile.Step(progress.at(), step.step(), scalars));
                last = step.step();
            }
        }
        return steps;
    }

    private static long step(RunView run, EvaluationRecorded recorded) {
        CheckpointCommitted checkpoint = run.trace().checkpoint();
        return checkpoint != null && checkpoint.checkpoint().digest().equals(recorded.checkpointDigest())
                ? checkpoint.checkpoint().step()
                : run.spec().steps();
    }

    private static Map<String, Float> scalars(EvaluationResult result) {
        if (result instanceof HeldOutLoss loss) {
            return Map.of("loss/held_out", (float) loss.natsPerPixel());
        } else if (result instanceof LinearProbe probe) {
            return Map.of("probe/top1", (float) probe.top1());
        } else if (result instanceof CompletionDistance distance) {
            return Map.of("completions/frechet_distance", (float) distance.distance());
        }
        return Map.of();
    }
}
