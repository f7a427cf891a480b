package org.isofleet.coordinator.plan;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Refuses every kind of include: the library would leave out silently what it does not find, and a study that stands in one file can be
 * told and kept whole.
 */
final class NoIncludes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private static final Pattern INCLUDE = Pattern.compile("^[^#\"]*\\binclude\\b.*");

    private final String text;
    private final String place;

    NoIncludes(String text, String place) {
        this.text = text;
        this.place = place;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        throw refusal();
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        throw refusal();
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refusal();
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refusal();
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    /** The library does not say where it stands. */
    private PlacedError refusal() {
        List<String> lines = text.lines().toList();
        int line = 0;
        while (line < lines.size() && !INCLUDE.matcher(lines.get(line)).matches()) {
            line++;
        }
        return new PlacedError(place + (line < lines.size() ? ":" + (line + 1) : "")
                + ": include: a study stands in one file; write what it says in its place");
    }
}
