package org.isofleet.deploy.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.coordinator.plan.StudyFile;
import org.isofleet.coordinator.plan.TuningFile;
import org.isofleet.coordinator.plan.TuningRule;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RateRule;
import org.isofleet.protocol.study.StudySpec;
import org.jspecify.annotations.Nullable;

/**
 * A study as it was named on the command line, with what it cites.
 *
 * @param place the file, or {@code demo}
 * @param spec what it asks for
 * @param rule where its learning rates come from
 */
public record StudySource(String place, StudySpec spec, TuningRule rule) {
    /** The name of the embedded study. */
    public static final String DEMO = "demo";

    /**
     * Reads a study and the tuning that it cites.
     *
     * @param study path of a study file, or {@link #DEMO} when there is no such file
     * @throws InvalidSpecException with one line that names place and mend
     */
    public static StudySource open(String study) {
        if (study.equals(DEMO) && !Files.exists(Path.of(study))) {
            StudySpec spec = StudyFile.parse(resource("demo.conf", DEMO), "demo.conf");
            return new StudySource(DEMO, spec, rule(spec, null));
        }
        Path file = path(study);
        StudySpec spec = StudyFile.read(file);
        return new StudySource(study, spec, rule(spec, file));
    }

    /** The study alone, for a tuning that is yet to be made: what it cites need not exist. */
    public static StudySpec untuned(String study) {
        return study.equals(DEMO) && !Files.exists(Path.of(study))
                ? StudyFile.parse(resource("demo.conf", DEMO), "demo.conf")
                : StudyFile.read(path(study));
    }

    private static TuningRule rule(StudySpec spec, @Nullable Path studyFile) {
        if (spec.optimizer().rate() instanceof RateRule.PowerLaw law) {
            return TuningRule.of(law);
        }
        RateRule.Cited citation = (RateRule.Cited) spec.optimizer().rate();
        String text = studyFile == null
                ? resource(citation.file(), "optimizer.tuning.file")
                : beside(studyFile, citation.file());
        return TuningFile.cited(TuningFile.read(text, citation.file()), citation);
    }

    private static String beside(Path studyFile, String name) {
        Path file = studyFile.resolveSibling(name);
        if (!Files.isRegularFile(file)) {
            throw new InvalidSpecException(studyFile + ": optimizer.tuning.file: there is no " + file
                    + "; make it with isofleet tune " + studyFile);
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidSpecException(file + ": cannot be read as text: " + e.getMessage());
        }
    }

    private static String resource(String name, String what) {
        try (InputStream in = StudySource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new InvalidSpecException(what + ": the program holds no " + name + "; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String study) {
        try {
            return Path.of(study);
        } catch (java.nio.file.InvalidPathException e) {
            throw new InvalidSpecException("'" + study + "' is no path of a study file");
        }
    }
}
