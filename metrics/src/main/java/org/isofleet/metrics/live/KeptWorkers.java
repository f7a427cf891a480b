package org.isofleet.metrics.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code workers.json} of a study folder: the workers as last heard of. Telemetry, as curves are. */
final class KeptWorkers {
    static final String FILE = "workers.json";

    private static final Logger LOG = LoggerFactory.getLogger(KeptWorkers.class);

    private KeptWorkers() {}

    static List<WorkerView> read(Path folder) throws IOException {
        try {
            return LiveJson.mapper()
                    .readValue(Files.readString(folder.resolve(FILE)), new TypeReference<List<WorkerView>>() {});
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JsonProcessingException e) {
            LOG.warn("{} cannot be read; its workers are left out: {}", folder.resolve(FILE), e.getMessage());
            return List.of();
        }
    }

    static void write(Path folder, StudyView view) throws IOException {
        AtomicFile.write(folder.resolve(FILE), LiveJson.mapper().writeValueAsString(view.workersInOrder()) + "\n");
    }
}
