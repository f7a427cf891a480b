package org.isofleet.protocol.keys;

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

/** A secret text in a file that only its owner can read; never printed. */
public final class SecretFile {
    private static final FileAttribute<?> ONLY_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private SecretFile() {}

    /** The secret of a file, made on first use: 64 random hexadecimal digits. */
    public static String of(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), ".secret", ".tmp", ONLY_OWNER);
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
