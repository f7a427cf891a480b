package org.isofleet.coordinator.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudySpec;
import org.jspecify.annotations.Nullable;

/** Study files: HOCON, laid over the reference study that documents every key and holds the defaults. */
public final class StudyFile {
    private static final String REFERENCE = "reference.study.conf";
    private static final int LARGEST_BYTES = 1 << 20;

    private StudyFile() {}

    /**
     * Reads a study file. Where it names a folder of images, the path is from its own folder on, so that the study means the same wherever a
     * command or a worker is started; it is absolute in what is returned.
     *
     * @throws InvalidSpecException when it is missing or says something that makes no sense: one line with file, line and mend
     */
    public static StudySpec read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidSpecException(file + ": there is no such study file; give the path of one, or demo");
        }
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw new InvalidSpecException(file + ": too large for a study file (more than 1 MiB)");
            }
            return parse(Files.readString(file), file.toString(), file);
        } catch (IOException e) {
            throw new InvalidSpecException(file + ": cannot be read as text: " + e.getMessage());
        }
    }

    /**
     * Reads a study from text.
     *
     * @param place how errors call it
     */
    public static StudySpec parse(String text, String place) {
        return parse(text, place, null);
    }

    private static StudySpec parse(String text, String place, @Nullable Path file) {
        try {
            Config study = ConfigText.parse(text, place).resolve();
            refuseTwoRates(study, place);
            return StudyReader.read(study.root(), reference().root(), file);
        } catch (PlacedError e) {
            throw ConfigText.placed(e, place);
        } catch (ConfigException e) {
            throw new InvalidSpecException(ConfigText.oneLine(e, text, place));
        }
    }

    /** The reference study as text, with its comments. */
    public static String referenceText() {
        try (InputStream in = StudyFile.class.getResourceAsStream(REFERENCE)) {
            if (in == null) {
                throw new IllegalStateException("the reference study is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A learning rate beside a cited tuning would silently lose; one of the two is an error. */
    private static void refuseTwoRates(Config study, String place) {
        for (String key : new String[] {"learning-rate", "beta2"}) {
            String path = "optimizer." + key;
            if (study.hasPath("optimizer.tuning") && study.hasPath(path)) {
                throw new InvalidSpecException(
                        place + ": " + path + " and optimizer.tuning exclude each other; remove one of them");
            }
        }
    }

    private static Config reference() {
        return ConfigText.parseResource(
                new ByteArrayInputStream(referenceText().getBytes(StandardCharsets.UTF_8)), REFERENCE);
    }
}
