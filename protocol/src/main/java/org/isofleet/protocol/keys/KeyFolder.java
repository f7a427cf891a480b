package org.isofleet.protocol.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.InvalidSpecException;

/** The files of a folder of keys. Each is replaced whole, and none is ever readable by others, not even while it is written. */
record KeyFolder(Path path) {
    /** Key of the authority; needed to issue certificates, and by no node. */
    static final String AUTHORITY_KEY = "ca.key";

    /** Certificates of the authorities that are trusted. */
    static final String AUTHORITY = "ca.pem";

    /** Key of the node. */
    static final String NODE_KEY = "node.key";

    /** Certificate of the node, and of those between it and the authority, if any. */
    static final String NODE = "node.pem";

    private static final int LONGEST = 1 << 20;

    private static final FileAttribute<?> ONLY_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** @throws InvalidSpecException when it is not there or no text */
    String read(String name) {
        Path file = path.resolve(name);
        try {
            if (Files.size(file) > LONGEST) {
                throw new InvalidSpecException(file + " is too large to hold keys or certificates in PEM");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new InvalidSpecException(
                    file + " is missing; 'isofleet keys init DIR' makes a folder of keys, to be given as --keys DIR");
        } catch (IOException e) {
            throw new InvalidSpecException(file + " cannot be read: " + e.getMessage());
        }
    }

    void write(String name, String text) throws IOException {
        Path fresh = Files.createTempFile(path, "." + name, ".tmp", ONLY_OWNER);
        try {
            Files.writeString(fresh, text, StandardCharsets.US_ASCII);
            Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Differs when a node's files have been replaced or written to. */
    List<String> marks() {
        List<String> marks = new ArrayList<>();
        for (String name : List.of(AUTHORITY, NODE_KEY, NODE)) {
            try {
                BasicFileAttributes file = Files.readAttributes(path.resolve(name), BasicFileAttributes.class);
                marks.add(file.fileKey() + " " + file.size() + " " + file.lastModifiedTime());
            } catch (IOException e) {
                marks.add(e.toString());
            }
        }
        return marks;
    }
}
