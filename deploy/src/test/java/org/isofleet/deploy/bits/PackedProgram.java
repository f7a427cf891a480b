package org.isofleet.deploy.bits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program as it is packed: its classes, and the libraries that are packed beside them and no others. */
final class PackedProgram {
    private PackedProgram() {}

    /** The build writes what is packed to a file, before the tests. */
    static String classPath() throws IOException {
        Path target = Path.of("target").toAbsolutePath();
        return target.resolve("classes") + ":" + Files.readString(target.resolve("runtime.classpath"));
    }
}
