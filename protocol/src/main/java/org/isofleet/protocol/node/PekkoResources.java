package org.isofleet.protocol.node;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarFile;

/**
 * The classes of the application, and of the resources that Pekko reads at each start those that it needs.
 *
 * <p>Of all manifests, those of Pekko's modules: it compares their versions, for which it reads the manifest of every jar that it is shown. Those of
 * signed jars hold a digest of each file, and are verified: some 0.3 s of a start of 3 s. Of all reference configurations, those of the modules that
 * the node uses: parsing all takes a tenth of a worker's start.
 */
final class PekkoResources extends ClassLoader {
    private static final String REFERENCE = "reference.conf";

    static {
        registerAsParallelCapable();
    }

    private final Predicate<URL> references;

    /** @param references which reference configurations the node needs */
    PekkoResources(ClassLoader application, Predicate<URL> references) {
        super(application);
        this.references = references;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> all = super.getResources(name);
        return switch (name) {
            case JarFile.MANIFEST_NAME -> those(manifest -> jar(manifest).startsWith("pekko-"), all);
            case REFERENCE -> those(references, all);
            default -> all;
        };
    }

    /** Name of the jar that a resource is in, without the checksum that stands before it where jars were copied; whatever folders are called. */
    static String jar(URL resource) {
        String path = resource.getPath();
        int end = path.indexOf("!/");
        String file = end < 0 ? "" : path.substring(0, end);
        return file.substring(file.lastIndexOf('/') + 1).replaceFirst("^[0-9a-f]{16}-", "");
    }

    private static Enumeration<URL> those(Predicate<URL> wanted, Enumeration<URL> all) {
        List<URL> some = Collections.list(all).stream().filter(wanted).toList();
        return Collections.enumeration(some);
    }
}
