package org.isofleet.coordinator.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.Function;
import org.isofleet.protocol.study.InvalidSpecException;

/** Text in HOCON, read key by key; whatever is wrong with it is one line with its place and the mend. */
public final class ConfigText {
    private ConfigText() {}

    /**
     * Reads a text.
     *
     * @param place how errors call it
     * @param reader asks for every key that is known; others are refused
     * @throws InvalidSpecException when it says something that makes no sense
     */
    public static <T> T read(String text, String place, Function<Section, T> reader) {
        try {
            Config config = parse(text, place).resolve();
            Section section =
                    new Section("", config.root(), ConfigFactory.empty().root());
            T read = section.build(() -> reader.apply(section));
            section.close();
            return read;
        } catch (PlacedError e) {
            throw placed(e, place);
        } catch (ConfigException e) {
            throw new InvalidSpecException(oneLine(e, text, place));
        }
    }

    /** Without what other files hold. */
    static Config parse(String text, String place) {
        return ConfigFactory.parseString(text, options(place).setIncluder(new NoIncludes(text, place)));
    }

    static Config parseResource(InputStream text, String place) {
        Reader reader = new InputStreamReader(text, StandardCharsets.UTF_8);
        return ConfigFactory.parseReader(reader, options(place));
    }

    private static ConfigParseOptions options(String place) {
        return ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setOriginDescription(place);
    }

    /** A value that the file takes from the environment is placed there. */
    static InvalidSpecException placed(PlacedError e, String place) {
        String message = String.valueOf(e.getMessage());
        return new InvalidSpecException(message.startsWith(place) ? message : place + ": " + message);
    }

    static String oneLine(ConfigException e, String text, String place) {
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
