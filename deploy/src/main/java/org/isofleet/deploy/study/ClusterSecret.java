package org.isofleet.deploy.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.isofleet.protocol.study.InvalidSpecException;

/** The secret by which the workers of a cluster know each other; it comes from a file or the environment and is never printed. */
public final class ClusterSecret {
    /** The environment variable that may hold it. */
    public static final String VARIABLE = "ISOFLEET_SECRET";

    private static final FileAttribute<?> ONLY_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private ClusterSecret() {}

    /** Where the secret of a study folder lies. */
    static Path file(Path studyFolder) {
        return studyFolder.resolve("secret");
    }

    /** The secret of a study folder, made on first use; only its owner can read the file. */
    public static String of(Path studyFolder) throws IOException {
        Path file = file(studyFolder);
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            Path unfinished = Files.createTempFile(studyFolder, ".secret", ".tmp", ONLY_OWNER);
            try {
                Files.writeString(unfinished, HexFormat.of().formatHex(random));
                Files.move(unfinished, file);
            } catch (FileAlreadyExistsException e) {
                return read(file); // another start was first
            } finally {
                Files.deleteIfExists(unfinished);
            }
        }
        return read(file);
    }

    /** The secret in a file. */
    public static String read(Path file) throws IOException {
        String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (secret.length() < 16) {
            throw new InvalidSpecException(
                    file + " holds no secret of at least 16 characters; delete it to have a new one made");
        }
        return secret;
    }
}
