package org.isofleet.deploy.hosts;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * This program as the jars that it runs from. A jar is kept on hosts under its checksum, so versions lie side by side, only what has changed is
 * copied, and no jar is replaced under a process.
 *
 * @param jars in the order of the class path
 */
record Release(List<Jar> jars) {
    /** {@code stored}: its name on hosts. */
    record Jar(Path file, String sha256, String stored) {
        static Jar of(Path file) {
            String sha256 = digest(file);
            return new Jar(file, sha256, sha256.substring(0, 16) + "-" + file.getFileName());
        }
    }

    Release {
        jars = List.copyOf(jars);
    }

    /** @throws InvalidSpecException when this process does not run from jars */
    static Release ofThisProgram() {
        return of(System.getProperty("java.class.path"));
    }

    static Release of(String classPath) {
        List<Path> files = Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
        if (files.stream().anyMatch(file -> !Files.isRegularFile(file))) {
            throw new InvalidSpecException(
                    "this program does not run from jars, and so cannot be copied to hosts: start it as ./isofleet");
        }
        return new Release(files.parallelStream().map(Jar::of).toList());
    }

    /** Equal for equal jars. */
    String id() {
        return hex(
                        sha256(),
                        jars.stream()
                                .map(Jar::sha256)
                                .collect(Collectors.joining())
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .substring(0, 12);
    }

    /** The class path on a host whose jars lie in this folder. */
    String classPath(String folder) {
        return jars.stream().map(jar -> folder + "/" + jar.stored()).collect(Collectors.joining(":"));
    }

    static String digest(Path file) {
        MessageDigest sha256 = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    static String digest(byte[] bytes) {
        return hex(sha256(), bytes);
    }

    private static String hex(MessageDigest digest, byte[] bytes) {
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
