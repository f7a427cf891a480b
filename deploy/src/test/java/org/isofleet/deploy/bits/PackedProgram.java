package org.isofleet.deploy.bits;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.isofleet.deploy.cli.Isofleet;
import org.isofleet.deploy.launch.ClassArchive;

/**
 * The program as it is packed: its classes in jars, the libraries that are packed beside them and no others, and the archive of all their
 * classes, which is made here as the launcher's build makes it. Tests come before the packaging.
 */
public final class PackedProgram {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path PACKED = TARGET.resolve("packed");
    private static final long LONGEST_REHEARSAL_SECONDS = 180;

    private PackedProgram() {}

    /** A command line: Java with these options, and the arguments of a command of ours. */
    public static List<String> command(List<String> options, List<String> arguments) throws IOException {
        List<Path> classPath = classPath();
        List<String> all = new ArrayList<>(ClassArchive.options(archive(classPath)));
        all.addAll(options);
        return java(all, classPath, arguments);
    }

    private static List<String> java(List<String> options, List<Path> classPath, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of(
                "-cp", String.join(":", classPath.stream().map(Path::toString).toList()), Isofleet.class.getName()));
        command.addAll(arguments);
        return command;
    }

    /** The build writes what is packed to a file, before the tests; classes of ours may not be in jars yet. */
    public static List<Path> classPath() throws IOException {
        List<Path> jars = new ArrayList<>(List.of(packed(TARGET.resolve("classes"))));
        for (String entry :
                Files.readString(TARGET.resolve("runtime.classpath")).split(":")) {
            Path library = Path.of(entry.strip());
            jars.add(Files.isDirectory(library) ? packed(library) : library);
        }
        return jars;
    }

    /** A jar of the classes of a module, which lie in {@code MODULE/target/classes}. */
    private static synchronized Path packed(Path classes) throws IOException {
        Path jar = PACKED.resolve(classes.getParent().getParent().getFileName() + ".jar");
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.sorted().toList();
        }
        if (isOlder(jar, files)) {
            Files.createDirectories(PACKED);
            Path unfinished = Files.createTempFile(PACKED, "jar", ".tmp");
            try (OutputStream out = Files.newOutputStream(unfinished);
                    JarOutputStream entries = new JarOutputStream(out)) {
                for (Path file : files) {
                    if (Files.isRegularFile(file)) {
                        entries.putNextEntry(
                                new JarEntry(classes.relativize(file).toString()));
                        Files.copy(file, entries);
                    }
                }
            }
            Files.move(unfinished, jar, StandardCopyOption.REPLACE_EXISTING);
        }
        return jar;
    }

    private static synchronized Path archive(List<Path> classPath) throws IOException {
        for (Path archive : archives()) {
            if (!isOlder(archive, classPath)) {
                return archive;
            }
            Files.delete(archive);
        }
        Path unfinished = Files.createTempFile(PACKED, "archive", ".tmp");
        Path folder = Files.createTempDirectory(PACKED, "rehearsal");
        rehearse(
                java(
                        List.of("-XX:ArchiveClassesAtExit=" + unfinished),
                        classPath,
                        List.of("rehearse", folder.toString())),
                PACKED.resolve("rehearsal.log"));
        try (Stream<Path> left = Files.walk(folder)) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        return Files.move(unfinished, ClassArchive.file(PACKED, Files.size(unfinished)));
    }

    private static List<Path> archives() throws IOException {
        try (Stream<Path> all = Files.list(PACKED)) {
            return all.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    private static void rehearse(List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(LONGEST_REHEARSAL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("the rehearsal failed:\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean isOlder(Path made, List<Path> sources) throws IOException {
        if (!Files.exists(made)) {
            return true;
        }
        FileTime time = Files.getLastModifiedTime(made);
        return sources.stream().anyMatch(source -> lastChange(source).compareTo(time) > 0);
    }

    private static FileTime lastChange(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
