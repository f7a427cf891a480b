package org.isofleet.metrics.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code curves.json} of a study folder: the thinned loss curve of every run. Telemetry, so losing it costs a picture only. */
final class KeptCurves {
    static final String FILE = "curves.json";

    private static final Logger LOG = LoggerFactory.getLogger(KeptCurves.class);

    private KeptCurves() {}

    static Map<RunId, LossCurve> read(Path folder) throws IOException {
        Map<RunId, LossCurve> curves = new TreeMap<>();
        try {
            LiveJson.mapper()
                    .readValue(Files.readString(folder.resolve(FILE)), new TypeReference<Map<String, LossCurve>>() {})
                    .forEach((run, curve) -> curves.put(new RunId(run), curve));
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            LOG.warn(
                    "{} cannot be read; the curves of earlier steps are lost: {}",
                    folder.resolve(FILE),
                    e.getMessage());
            return Map.of();
        }
        return curves;
    }

    static void write(Path folder, StudyView view) throws IOException {
        Map<String, LossCurve> curves = new TreeMap<>();
        view.traces().forEach((run, trace) -> {
            if (!trace.curve().points().isEmpty()) {
                curves.put(run.value(), trace.curve());
            }
        });
        AtomicFile.write(folder.resolve(FILE), LiveJson.mapper().writeValueAsString(curves) + "\n");
    }
}
