package org.isofleet.deploy.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;

/** Values of options with their units, written as in a study file. */
final class OptionValues {
    private static final String KEY = "value";

    private OptionValues() {}

    static long bytes(String option, String text) {
        try {
            long bytes = config(text).getBytes(KEY);
            if (bytes > 0) {
                return bytes;
            }
            throw new UserException(option + ": must be above 0; write it as 4GiB or 512MiB");
        } catch (ConfigException e) {
            throw new UserException(option + ": '" + text + "' is no size; write it as 4GiB or 512MiB");
        }
    }

    /** @param examples of how it is written */
    static Duration time(String option, String text, String examples) {
        try {
            return config(text).getDuration(KEY);
        } catch (ConfigException e) {
            throw new UserException(option + ": '" + text + "' is no time; write it as " + examples);
        }
    }

    private static Config config(String text) {
        return ConfigFactory.parseMap(Map.of(KEY, text));
    }
}
