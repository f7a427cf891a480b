package org.isofleet.deploy.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.worker.checkpoint.Checkpoint;
import org.isofleet.worker.checkpoint.ParameterDigest;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.data.ImageSets;
import org.jspecify.annotations.Nullable;

/**
 * How a study ended.
 *
 * @param runs by id, in the order of the plan
 */
record StudyResult(Map<String, Run> runs) {
    /**
     * How a run ended.
     *
     * @param state as {@code study --json} names it
     * @param digest SHA-256 of the final parameters as they lie on disk; null when there are none
     * @param ledgerExact whether exactly the images of the plan were seen
     */
    record Run(String state, @Nullable String digest, boolean ledgerExact) {}

    /**
     * Reads what a study has left.
     *
     * @param answer of {@code study --json}
     * @param folder of the study
     */
    static StudyResult read(StudyPlan plan, JsonNode answer, Path folder, ImageSets images) throws IOException {
        Map<String, String> states = new LinkedHashMap<>();
        answer.path("runs")
                .forEach(run ->
                        states.put(run.path("id").asText(), run.path("state").asText()));
        CheckpointFolders folders = new CheckpointFolders(folder.resolve("checkpoints"));
        Map<String, Run> runs = new LinkedHashMap<>();
        for (var planned : plan.runs()) {
            String state = states.getOrDefault(planned.spec().id().value(), "unknown");
            runs.put(planned.spec().id().value(), run(planned.spec(), state, folders, images));
        }
        return new StudyResult(runs);
    }

    private static Run run(RunSpec spec, String state, CheckpointFolders folders, ImageSets images) throws IOException {
        List<CheckpointRef> last = folders.list(spec.id(), spec.steps());
        if (last.isEmpty() || last.get(0).step() != spec.steps()) {
            return new Run(state, null, false);
        }
        Path checkpoint = folders.folder(last.get(0));
        SampleLedger ledger = Checkpoint.open(checkpoint).ledger();
        return new Run(
                state, ParameterDigest.of(checkpoint).sha256(), ledger.equals(SampleEnumeration.of(spec, images)));
    }

    boolean allDone() {
        return runs.values().stream().allMatch(run -> run.state().equals("done"));
    }

    boolean ledgerExact() {
        return runs.values().stream().allMatch(Run::ledgerExact);
    }

    /** Whether all final parameters are there, and are those of another study. */
    boolean digestsEqual(StudyResult other) {
        return runs.entrySet().stream().allMatch(entry -> {
            String digest = entry.getValue().digest();
            Run theirs = other.runs().get(entry.getKey());
            return digest != null && theirs != null && digest.equals(theirs.digest());
        });
    }
}
