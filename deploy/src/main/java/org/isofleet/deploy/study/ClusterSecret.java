package org.isofleet.deploy.study;

import java.io.IOException;
import java.nio.file.Path;
import org.isofleet.protocol.keys.SecretFile;

/** The secret by which the workers of a cluster know each other; it comes from a file or the environment and is never printed. */
public final class ClusterSecret {
    /** The environment variable that may hold it. */
    public static final String VARIABLE = "ISOFLEET_SECRET";

    private ClusterSecret() {}

    /** Where the secret of a study folder lies. */
    static Path file(Path studyFolder) {
        return studyFolder.resolve("secret");
    }

    /** The secret of a study folder, made on first use; only its owner can read the file. */
    public static String of(Path studyFolder) throws IOException {
        return SecretFile.of(file(studyFolder));
    }

    /** The secret in a file. */
    public static String read(Path file) throws IOException {
        return SecretFile.read(file);
    }
}
