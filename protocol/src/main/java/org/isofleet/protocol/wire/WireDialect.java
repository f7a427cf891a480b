package org.isofleet.protocol.wire;

import com.typesafe.config.Config;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All catalogs of a node and what it calls them on the wire. The manifest of a message is
 * {@code version/catalog/fingerprint}; the fingerprint covers names, numbers and components of every class that a message of the
 * catalog may use, so two builds that would misread each other refuse each other instead.
 */
final class WireDialect {
    /** Raised when the bytes of equal classes change: another serializer library, another envelope. */
    static final int VERSION = 1;

    private static final String PROTOCOL = "protocol";

    private final Map<Integer, Class<?>> classes = new TreeMap<>();
    private final Map<Integer, String> manifests = new HashMap<>();

    /** @throws IllegalArgumentException when a catalog is missing or its numbers are taken */
    WireDialect(Config catalogs) {
        Map<String, WireCatalog> byName = new TreeMap<>();
        catalogs.root().keySet().forEach(name -> byName.put(name, load(name, catalogs.getString(name))));
        WireCatalog protocol = byName.get(PROTOCOL);
        if (protocol == null) {
            throw new IllegalArgumentException("isofleet.wire.catalogs must name the catalog 'protocol'");
        }
        byName.forEach((name, catalog) -> {
            List<Class<?>> all = new ArrayList<>(protocol.classes());
            if (catalog != protocol) {
                all.addAll(catalog.classes());
            }
            add(name, catalog, fingerprint(all));
        });
    }

    /** Classes by number, in order. */
    Map<Integer, Class<?>> classes() {
        return classes;
    }

    /** Manifest of a message whose class has that number. */
    String manifest(int id) {
        String manifest = manifests.get(id / WireCatalog.BLOCK);
        if (manifest == null) {
            throw new IllegalArgumentException("no catalog has class number " + id);
        }
        return manifest;
    }

    boolean understands(String manifest) {
        return manifests.containsValue(manifest);
    }

    @Override
    public String toString() {
        return String.join(" and ", new TreeMap<>(manifests).values());
    }

    private void add(String name, WireCatalog catalog, String fingerprint) {
        int block = catalog.firstId() / WireCatalog.BLOCK;
        if (block < 1 || catalog.firstId() % WireCatalog.BLOCK != 0 || manifests.containsKey(block)) {
            throw new IllegalArgumentException("catalog '" + name + "' needs a first number of its own, a multiple of "
                    + WireCatalog.BLOCK + ", not " + catalog.firstId());
        }
        manifests.put(block, VERSION + "/" + name + "/" + fingerprint);
        int id = catalog.firstId();
        for (Class<?> type : catalog.classes()) {
            if (!type.isRecord() && !type.isEnum()) {
                throw new IllegalArgumentException(type.getName() + " is neither a record nor an enum");
            }
            if (classes.containsValue(type)) {
                throw new IllegalArgumentException(type.getName() + " is listed twice");
            }
            classes.put(id++, type);
        }
    }

    private static WireCatalog load(String name, String className) {
        try {
            return Class.forName(className)
                    .asSubclass(WireCatalog.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException("isofleet.wire.catalogs." + name + " names no catalog: " + className, e);
        }
    }

    private static String fingerprint(List<Class<?>> types) {
        StringBuilder text = new StringBuilder();
        for (Class<?> type : types) {
            text.append(type.getName());
            if (type.isRecord()) {
                List<RecordComponent> components = new ArrayList<>(List.of(type.getRecordComponents()));
                components.sort(Comparator.comparing(RecordComponent::getName));
                components.forEach(
                        c -> text.append(' ').append(c.getName()).append(':').append(c.getGenericType()));
            } else {
                for (Object constant : type.getEnumConstants()) {
                    text.append(' ').append(((Enum<?>) constant).name());
                }
            }
            text.append('\n');
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
