package org.isofleet.deploy.bench;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelShape;
import org.jspecify.annotations.NullMarked;

/**
 * The official LibTorch CPU build and its Java bindings, which only benchmarks need; the build profile {@code bench} brings them.
 *
 * @param folder of the bindings' jars, with {@code libtorch} below it
 */
record PeerLibraries(Path folder) {
    private static final String NATIVES = "libtorch/pytorch/cpu/linux-x86_64";

    /** The folder beside the program's own libraries, filled by Maven on first use. */
    static PeerLibraries open(Path home) throws IOException, InterruptedException {
        Path folder = home.resolve("deploy/target/isofleet/bench");
        if (!Files.isDirectory(folder.resolve(NATIVES))) {
            fetch(home);
        }
        if (!Files.isDirectory(folder.resolve(NATIVES))) {
            throw new InvalidSpecException("the peer's libraries are not in " + folder
                    + ": run ./mvnw -Pbench -DskipTests package in " + home);
        }
        return new PeerLibraries(folder);
    }

    private static void fetch(Path home) throws IOException, InterruptedException {
        System.err.println("isofleet: fetching LibTorch, which only this benchmark needs (200 MB) ...");
        Path log = home.resolve("deploy/target/bench-build.log");
        Process maven = new ProcessBuilder("./mvnw", "-B", "-q", "-Dquick", "-DskipTests", "-Pbench", "package")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (maven.waitFor() != 0) {
            throw new InvalidSpecException("LibTorch could not be fetched; see " + log);
        }
    }

    /** A main class of ours that uses these libraries and otherwise only protocol and deploy. */
    List<String> command(Class<?> main, List<String> arguments) throws IOException {
        List<String> path = new ArrayList<>();
        for (Class<?> needed : List.of(main, ModelShape.class, NullMarked.class)) {
            path.add(origin(needed));
        }
        try (Stream<Path> jars = Files.list(folder)) {
            jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .map(Path::toString)
                    .forEach(path::add);
        }
        return OwnProcess.command(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Dorg.bytedeco.javacpp.pathsFirst=true",
                        "-Djava.library.path=" + folder.resolve(NATIVES)),
                String.join(File.pathSeparator, path),
                main,
                arguments);
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class path entry is a file", e);
        }
    }
}
