package org.isofleet.deploy.bench;

import static org.isofleet.deploy.bench.BenchAnswer.median;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.isofleet.deploy.chaos.RecoveryDrill;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * How soon a run goes on after one of its workers was killed with SIGKILL, against how soon it is whole again: the least that a trainer
 * takes that waits for its dead member, of the same deaths.
 */
final class RecoveryBenchmark {
    private static final int WORKERS = 2;
    private static final long SEED = 1;

    private final int kills;
    private final Consumer<String> teller;

    /** @throws InvalidSpecException when there is nothing to do */
    RecoveryBenchmark(int kills, Consumer<String> teller) {
        if (kills < 1) {
            throw new InvalidSpecException("--kills: at least 1 worker is killed, not " + kills);
        }
        this.kills = kills;
        this.teller = teller;
    }

    BenchAnswer run() throws IOException, InterruptedException {
        List<RecoveryDrill.Kill> killed = ScratchFolder.with(
                folder -> RecoveryDrill.run(new RecoveryDrill.Settings(folder, WORKERS, kills, SEED), teller));
        BenchAnswer.Case row = new BenchAnswer.Case(
                "kill",
                BenchAnswer.Ratio.of(killed.stream()
                        .map(kill -> kill.wholeSeconds() / kill.seconds())
                        .toList()),
                median(killed.stream().map(RecoveryDrill.Kill::seconds).toList()),
                median(killed.stream().map(RecoveryDrill.Kill::wholeSeconds).toList()),
                "s to the next step",
                "waiting until the killed worker trains again",
                null,
                null,
                null,
                null);
        return new BenchAnswer(
                "bench/1",
                "recovery",
                List.of(row),
                Machine.describe(),
                Map.of("ours", "dl4j"),
                RecoveryTimes.of(killed),
                null);
    }
}
