package org.isofleet.coordinator.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
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
            Config study = ConfigFactory.parseString(text, options(place).setIncluder(new NoIncludes(text, place)))
                    .resolve();
            refuseTwoRates(study, place);
            return StudyReader.read(study.root(), reference().root(), file);
        } catch (PlacedError e) {
            String message = String.valueOf(e.getMessage());
            // A value that the file takes from the environment is placed there.
            throw new InvalidSpecException(message.startsWith(place) ? message : place + ": " + message);
        } catch (ConfigException e) {
            throw new InvalidSpecException(oneLine(e, text, place));
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
        return ConfigFactory.parseReader(
                new InputStreamReader(
                        new java.io.ByteArrayInputStream(referenceText().getBytes(StandardCharsets.UTF_8)),
                        StandardCharsets.UTF_8),
                options(REFERENCE));
    }

    private static ConfigParseOptions options(String place) {
        return ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setOriginDescription(place);
    }

    private static String oneLine(ConfigException e, String text, String place) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
        OptionalInt open = e instanceof ConfigException.Parse && message.contains("end of file")
                ? Brackets.lineOfUnclosed(text)
                : OptionalInt.empty();
        if (open.isPresent()) {
            return place + ":" + open.getAsInt() + ": the bracket that is opened here is never closed; close it";
        }
        String prefix = place + ": ";
        String said = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        return e.origin() == null || e.origin().lineNumber() < 1
                ? prefix + said
                : place + ":" + e.origin().lineNumber() + ": " + said.replaceFirst("^[0-9]+(-[0-9]+)?: ", "");
    }
}
