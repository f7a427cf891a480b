package org.isofleet.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The program's classes as the JVM has them in memory, archived when the program was built (class data sharing): a process that maps them need not
 * read, verify and link them one by one, which is most of its start. For speed alone: a JVM that finds the archive to be of another JVM, of
 * other jars or damaged goes on without it, and is told to keep that to itself.
 *
 * <p>The JVM looks for all of this but for the length of the file; where it was cut off, the JVM would die. So the archive's name is its length.
 */
public final class ClassArchive {
    /** The system property that names the archive of this process, for the processes that it starts. */
    static final String PROPERTY = "isofleet.archive";

    private ClassArchive() {}

    /** Where an archive of so many bytes belongs. */
    public static Path file(Path folder, long bytes) {
        return folder.resolve(name(bytes));
    }

    /** Options of a JVM that uses an archive and hands it on; none where there is no whole one. */
    public static List<String> options(Path archive) {
        return isWhole(archive)
                ? List.of(
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xshare:auto",
                        "-XX:+VerifySharedSpaces",
                        "-Xlog:cds*=off",
                        "-Xlog:class+path=off",
                        "-D" + PROPERTY + "=" + archive)
                : List.of();
    }

    /** Options for a process that is started with this one's class path; none where this process was told of no archive. */
    static List<String> ofThisProcess() {
        String archive = System.getProperty(PROPERTY);
        return archive == null ? List.of() : options(Path.of(archive));
    }

    private static String name(long bytes) {
        return bytes + ".jsa";
    }

    private static boolean isWhole(Path archive) {
        try {
            return archive.endsWith(name(Files.size(archive)));
        } catch (IOException e) {
            return false; // there is none, and none is needed
        }
    }
}
