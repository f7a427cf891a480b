package org.isofleet.deploy.hosts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a host does not have yet: jars, and small files that only their owner may read. It goes there as one stream of tar, into a folder of its
 * own, and is put in its place when all checksums are right; so a connection that breaks leaves nothing half-written.
 *
 * @param jars of the release
 * @param files by their paths from the host's folder on
 */
record Parcel(List<Release.Jar> jars, Map<String, byte[]> files) {
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final String INSTALL = """
            set -eu
            umask 077
            cd "$2"
            sha256sum --quiet -c SUMS >&2
            mkdir -p "$1/jars"
            for jar in jars/*; do
              [ ! -e "$jar" ] || mv -f "$jar" "$1/jars/"
            done
            [ ! -d files ] || (cd files && find . -type f) | while read -r file; do
              mkdir -p "$(dirname "$1/$file")"
              mv -f "files/$file" "$1/$file"
            done
            """;

    Parcel {
        jars = List.copyOf(jars);
        files = Map.copyOf(files);
    }

    /** Of what should be there, what a host lacks or has otherwise. */
    static Parcel lackedBy(HostState state, Release release, Map<String, byte[]> wanted) {
        Map<String, byte[]> files = new TreeMap<>(wanted);
        files.entrySet()
                .removeIf(e -> Release.digest(e.getValue()).equals(state.files().get(e.getKey())));
        return new Parcel(
                release.jars().stream()
                        .filter(jar -> !state.jars().contains(jar.stored()))
                        .toList(),
                files);
    }

    boolean isEmpty() {
        return jars.isEmpty() && files.isEmpty();
    }

    long bytes() {
        long bytes = files.values().stream().mapToLong(file -> file.length).sum();
        for (Release.Jar jar : jars) {
            bytes += jar.file().toFile().length();
        }
        return bytes;
    }

    void send(Ssh ssh, Host host, HostState state) throws HostTrouble {
        Path packed;
        try {
            packed = pack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            String there = "exec sh -c "
                    + HostScript.quoted(
                            ("umask 077; mkdir -p \"%1$s\" && d=$(mktemp -d \"%1$s/.incoming.XXXXXX\") && tar -xof - -C \"$d\""
                                            + " && sh \"$d/install.sh\" \"%1$s\" \"$d\"; c=$?; [ -z \"$d\" ] || rm -rf \"$d\"; exit $c")
                                    .formatted(state.folder()));
            Ssh.Answer answer =
                    ssh.pipe(host, List.of("tar", "-C", packed.toString(), "-chf", "-", "."), there, LONGEST);
            if (answer.code() != 0) {
                throw new HostTrouble(
                        host,
                        "the files did not come whole to " + state.folder() + " ("
                                + (answer.errors().isEmpty()
                                        ? "no reason is known"
                                        : answer.errors().get(0))
                                + "): look at its disk, and try again");
            }
        } finally {
            delete(packed);
        }
    }

    private Path pack() throws IOException {
        Path packed = Files.createTempDirectory("isofleet-parcel");
        List<String> sums = new ArrayList<>();
        Path links = Files.createDirectory(packed.resolve("jars"));
        for (Release.Jar jar : jars) {
            Files.createSymbolicLink(links.resolve(jar.stored()), jar.file().toAbsolutePath());
            sums.add(jar.sha256() + "  jars/" + jar.stored());
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = packed.resolve("files").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
            // Where root unpacks, modes stay as they are here.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            sums.add(Release.digest(file.getValue()) + "  files/" + file.getKey());
        }
        Files.write(packed.resolve("SUMS"), sums);
        Files.writeString(packed.resolve("install.sh"), INSTALL);
        return packed;
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
