package org.isofleet.coordinator.plan;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * An object of a file in HOCON, over the same object of the reference if there is one, read key by key. It remembers which keys it was asked for, so
 * that {@link #close} can refuse those that nobody knows. Every error is one line: file, line, key, what is wrong and what would be right.
 */
public final class Section implements AutoCloseable {
    private static final ConfigObject NONE = ConfigFactory.empty().root();

    private final String path;
    private final ConfigObject study;
    private final ConfigObject reference;
    private final Set<String> known = new TreeSet<>();

    Section(String path, ConfigObject study, ConfigObject reference) {
        this.path = path;
        this.study = study;
        this.reference = reference;
    }

    /** A value of any type, or null when neither file has the key. */
    @Nullable
    ConfigValue find(String key) {
        known.add(key);
        ConfigValue value = study.containsKey(key) ? study.get(key) : reference.get(key);
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    ConfigValue value(String key) {
        ConfigValue value = find(key);
        if (value == null) {
            refuseTypingError(key);
            throw new PlacedError(place() + dotted(key) + " is missing; the reference says what it may be");
        }
        return value;
    }

    /** A missing key whose like is there was most likely mistyped. */
    private void refuseTypingError(String missing) {
        for (Map.Entry<String, ConfigValue> entry : study.entrySet()) {
            if (!known.contains(entry.getKey()) && Nearest.distance(entry.getKey(), missing) <= 2) {
                throw unknown(entry, missing);
            }
        }
    }

    private PlacedError unknown(Map.Entry<String, ConfigValue> entry, String meant) {
        return new PlacedError(place(entry.getValue().origin()) + "unknown key '" + dotted(entry.getKey())
                + "'; did you mean '" + dotted(meant) + "'?");
    }

    public boolean has(String key) {
        return find(key) != null;
    }

    /** Whether the study itself has the key, not only the reference. */
    boolean given(String key) {
        return study.containsKey(key);
    }

    /** Reads an object below this one and refuses keys that {@code reader} did not ask for. */
    public <T> T section(String key, Function<Section, T> reader) {
        ConfigValue value = value(key);
        if (!(value instanceof ConfigObject object)) {
            throw wrong(key, value, "an object in braces");
        }
        ConfigObject below = reference.get(key) instanceof ConfigObject defaults ? defaults : NONE;
        Section section = study.containsKey(key)
                ? new Section(dotted(key), object, below)
                : new Section(dotted(key), NONE, object);
        T read = section.build(() -> reader.apply(section));
        section.close();
        return read;
    }

    /** Makes a record of this section; what the record refuses is told with the place of the section. */
    public <T> T build(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (InvalidSpecException e) {
            throw new PlacedError(place() + (path.isEmpty() ? "" : path + ": ") + e.getMessage());
        }
    }

    public String text(String key) {
        return Scalars.text(this, key, value(key));
    }

    double number(String key) {
        return Scalars.number(this, key, value(key));
    }

    long whole(String key) {
        return Scalars.whole(this, key, value(key));
    }

    public int count(String key) {
        return Scalars.count(this, key, value(key));
    }

    public boolean flag(String key) {
        return Scalars.flag(this, key, value(key));
    }

    /** A size in bytes. */
    public long bytes(String key) {
        return Scalars.bytes(this, key, value(key));
    }

    /** Its keys, in the order of their lines. */
    public List<String> keys() {
        return study.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, ConfigValue> entry) ->
                                entry.getValue().origin().lineNumber())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A list, or a single value as a list of one. */
    <T> List<T> list(String key, Scalars.Reader<T> element) {
        ConfigValue value = value(key);
        List<? extends ConfigValue> elements =
                value instanceof com.typesafe.config.ConfigList list ? list : List.of(value);
        List<T> read = new ArrayList<>();
        for (ConfigValue each : elements) {
            if (each.valueType() == ConfigValueType.NULL) {
                throw wrong(key, each, "a list of values");
            }
            read.add(placed(key, each, element));
        }
        return read;
    }

    private <T> T placed(String key, ConfigValue value, Scalars.Reader<T> element) {
        try {
            return element.read(this, key, value);
        } catch (InvalidSpecException e) {
            throw new PlacedError(place(value.origin()) + dotted(key) + ": " + e.getMessage());
        }
    }

    /** Refuses keys that were never asked for. */
    @Override
    public void close() {
        for (Map.Entry<String, ConfigValue> entry : study.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw unknown(entry, Nearest.to(entry.getKey(), known));
            }
        }
    }

    PlacedError wrong(String key, ConfigValue value, String wanted) {
        String shown = value.valueType() == ConfigValueType.OBJECT ? "an object" : "'" + value.unwrapped() + "'";
        return new PlacedError(place(value.origin()) + dotted(key) + " must be " + wanted + ", not " + shown);
    }

    String dotted(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String place() {
        return place(study == NONE ? reference.origin() : study.origin());
    }

    /** {@code file:line: }, as far as it is known; a whole file has no line, and one that was merged is named by its first part. */
    private String place(ConfigOrigin origin) {
        String description = origin.description().replaceFirst("^merge of ([^,]*),.*", "$1");
        String file = description.replaceFirst(": [0-9]+(-[0-9]+)?$", "");
        boolean whole = path.isEmpty() && origin == study.origin();
        return origin.lineNumber() > 0 && !whole ? file + ":" + origin.lineNumber() + ": " : file + ": ";
    }
}
