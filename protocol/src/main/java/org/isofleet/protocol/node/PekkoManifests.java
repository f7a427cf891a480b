package org.isofleet.protocol.node;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarFile;

/**
 * The classes of the application, and of all manifests those of Pekko's modules. Pekko compares their versions at each start, for which it reads the
 * manifest of every jar that it is shown. Those of signed jars hold a digest of each file, and are verified: some 0.3 s of a start of 3 s.
 */
final class PekkoManifests extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    PekkoManifests(ClassLoader application) {
        super(application);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> all = super.getResources(name);
        if (!name.equals(JarFile.MANIFEST_NAME)) {
            return all;
        }
        List<URL> ofPekko = Collections.list(all).stream()
                .filter(manifest -> manifest.getPath().contains("/pekko-"))
                .toList();
        return Collections.enumeration(ofPekko);
    }
}
