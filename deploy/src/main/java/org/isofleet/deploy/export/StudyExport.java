package org.isofleet.deploy.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.tensorboard.ScalarFile;
import org.isofleet.metrics.tensorboard.TensorBoardFolder;

/** Writes runs and loss curves of a study folder for other programs; each file is replaced whole. */
public final class StudyExport {
    /** For whom. */
    public enum Target {
        PARQUET,
        CSV,
        JSONL,
        TENSORBOARD
    }

    private final Path studyFolder;
    private final StudyView view;
    private final Path out;

    private StudyExport(Path studyFolder, StudyView view, Path out) {
        this.studyFolder = studyFolder;
        this.view = view;
        this.out = out;
    }

    /**
     * Exports a study, running or not.
     *
     * @param out folder for the files, made if need be
     * @return what was written
     * @throws org.isofleet.protocol.study.InvalidSpecException when the folder holds no study
     * @throws IOException when it cannot be read, or the files not be written
     */
    public static List<Path> write(Path studyFolder, Target target, Path out) throws IOException {
        StudyView view = StudyFolder.read(studyFolder);
        Files.createDirectories(out);
        StudyExport export = new StudyExport(studyFolder, view, out);
        return switch (target) {
            case PARQUET -> export.tables(TableFormat.PARQUET);
            case CSV -> export.tables(TableFormat.CSV);
            case JSONL -> export.tables(TableFormat.JSONL);
            case TENSORBOARD -> export.eventFiles();
        };
    }

    private List<Path> tables(TableFormat format) throws IOException {
        List<ExportedRun> runs = view.runs().stream().map(ExportedRun::of).toList();
        return List.of(
                table(format, "runs", ExportedRun.class, runs),
                table(format, "curves", ExportedPoint.class, ExportedPoint.of(view)));
    }

    private <T extends Record> Path table(TableFormat format, String name, Class<T> type, List<T> rows)
            throws IOException {
        Path file = out.resolve(name + format.ending());
        Path fresh = fresh(file);
        try {
            format.write(fresh, type, rows);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return file;
    }

    private static Path fresh(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /** The event files of the study as they are; of runs that have none, the curve. */
    private List<Path> eventFiles() throws IOException {
        List<Path> written = new ArrayList<>();
        for (RunView run : view.runs()) {
            Path folder = out.resolve(TensorBoardFolder.name(run));
            Path file = folder.resolve(ScalarFile.NAME);
            Path kept = studyFolder
                    .resolve(TensorBoardFolder.NAME)
                    .resolve(TensorBoardFolder.name(run))
                    .resolve(ScalarFile.NAME);
            if (Files.exists(kept)) {
                Files.createDirectories(folder);
                Path fresh = fresh(file);
                Files.copy(kept, fresh);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                written.add(file);
            } else if (!run.trace().curve().points().isEmpty()) {
                ScalarFile.open(folder).append(steps(run).toList());
                written.add(file);
            }
        }
        return written;
    }

    /** A curve does not say when its steps were. */
    private Stream<ScalarFile.Step> steps(RunView run) {
        return run.trace().curve().points().stream()
                .map(point -> new ScalarFile.Step(
                        view.lastEventAt(), point.step(), Map.of(TensorBoardFolder.LOSS, (float) point.loss())));
    }
}
