package org.isofleet.worker.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.Sha256;

/**
 * A file of a source.
 *
 * @param name its path within the source, with slashes
 * @param bytes its length
 * @param changed milliseconds since 1970
 */
record SourceFile(String name, long bytes, long changed) {
    /** All files below a folder, by name; hidden ones are passed over. Links are followed. */
    static List<SourceFile> below(Path folder, int depth) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                return isHidden(visited) && !visited.equals(folder)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isHidden(file)) {
                    files.add(new SourceFile(
                            folder.relativize(file).toString(),
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof FileSystemLoopException) {
                    throw new ImageSetException(file + " is a link to a folder above it; remove it", e);
                }
                throw e;
            }
        });
        files.sort(Comparator.comparing(SourceFile::name));
        return files;
    }

    private static boolean isHidden(Path path) {
        return path.getFileName() != null && path.getFileName().toString().startsWith(".");
    }

    boolean endsWith(String... endings) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        for (String ending : endings) {
            if (lower.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    /** A digest of names, lengths and times of change. */
    static String fingerprint(List<SourceFile> files) {
        MessageDigest digest = Sha256.digest();
        for (SourceFile file : files) {
            digest.update((file.name + "\0" + file.bytes + "\0" + file.changed + "\0").getBytes(UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
