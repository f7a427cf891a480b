package org.isofleet.metrics.live;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.isofleet.metrics.live.LiveEvent.RunState;

/**
 * How long a study will still take. What is left to train, in FLOPs with attention counted, goes at the rate of the runs that train
 * now, else at that of those already trained; each run not yet evaluated takes as long as the evaluated ones did on average. Until a run
 * is well under way there is no telling: the first steps compile and warm up.
 */
final class Pace {
    private static final double WELL_UNDER_WAY = 0.05;

    private Pace() {}

    static Optional<Duration> remaining(List<RunView> runs) {
        double left = runs.stream()
                .filter(run -> !run.ended())
                .mapToDouble(run -> run.spec().exactFlops() * (1 - run.trainedShare()))
                .sum();
        double rate = currentRate(runs) > 0 ? currentRate(runs) : pastRate(runs);
        boolean early = runs.stream().noneMatch(run -> run.ended() || run.trainedShare() >= WELL_UNDER_WAY);
        if (left > 0 && (rate <= 0 || early)) {
            return Optional.empty();
        }
        double training = left > 0 ? left / rate : 0;
        return Optional.of(Duration.ofMillis(Math.round(1000 * (training + evaluationSeconds(runs)))));
    }

    private static double currentRate(List<RunView> runs) {
        return runs.stream()
                .filter(run -> run.state() == RunState.TRAINING)
                .mapToDouble(run ->
                        run.trace().tokensPerSecond() * run.spec().shape().exactFlopsPerToken())
                .sum();
    }

    private static double pastRate(List<RunView> runs) {
        double flops = 0;
        double seconds = 0;
        for (RunView run : runs) {
            if (run.digest().isPresent()) {
                flops += run.spec().exactFlops();
                seconds += run.trainSeconds();
            }
        }
        return seconds > 0 ? flops / seconds : 0;
    }

    private static double evaluationSeconds(List<RunView> runs) {
        double mean = runs.stream()
                .flatMap(run -> run.trace().evaluationTime().stream())
                .mapToDouble(time -> time.toMillis() / 1000.0)
                .average()
                .orElse(0);
        return mean * runs.stream().filter(run -> !run.ended()).count();
    }
}
