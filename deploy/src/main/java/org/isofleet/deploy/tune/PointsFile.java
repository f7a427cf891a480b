package org.isofleet.deploy.tune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.isofleet.coordinator.plan.TuningFile;
import org.isofleet.coordinator.plan.TuningPoint;

/**
 * What a tuning has trained so far, one JSON line a point: training takes hours, and a rule may still be refused at its end. Not needed any
 * more once the tuning is written, which holds the points too.
 *
 * @param path of the file; lines that are there stay
 */
public record PointsFile(Path path) implements Consumer<TuningPoint> {
    /** The file beside the one that the tuning is to be written to. */
    public static PointsFile beside(Path tuning) {
        return new PointsFile(tuning.resolveSibling(tuning.getFileName() + ".points"));
    }

    /** Keeps a point; any thread may. */
    @Override
    public synchronized void accept(TuningPoint point) {
        try {
            Files.writeString(
                    path, TuningFile.line(point) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes it. */
    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
