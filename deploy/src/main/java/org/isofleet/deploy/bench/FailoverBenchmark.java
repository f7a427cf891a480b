package org.isofleet.deploy.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorSettings.NetworkProfile;
import org.isofleet.deploy.chaos.FailoverDrill;
import org.isofleet.protocol.study.InvalidSpecException;

/** How soon a run is placed again after the death of the coordinator that places, and whether another run stood still for it. */
final class FailoverBenchmark {
    private static final long SEED = 1;

    private final JournalSettings.PostgreSql database;
    private final NetworkProfile profile;
    private final int kills;
    private final Consumer<String> teller;

    /** @throws InvalidSpecException when there is nothing to do */
    FailoverBenchmark(JournalSettings.PostgreSql database, NetworkProfile profile, int kills, Consumer<String> teller) {
        if (kills < 1) {
            throw new InvalidSpecException("--kills: at least 1 coordinator is killed, not " + kills);
        }
        this.database = database;
        this.profile = profile;
        this.kills = kills;
        this.teller = teller;
    }

    BenchAnswer run() throws IOException, InterruptedException {
        try (ScratchSchema schema = ScratchSchema.create(database)) {
            List<FailoverDrill.Kill> killed = ScratchFolder.with(folder -> FailoverDrill.run(
                    new FailoverDrill.Settings(folder, schema.journal(), profile, kills, SEED), teller));
            return new BenchAnswer(
                    "bench/1",
                    "recovery",
                    List.of(),
                    Machine.describe(),
                    Map.of("ours", "dl4j"),
                    null,
                    FailoverTimes.of(profile, killed));
        }
    }
}
