package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.deploy.launch.LoopbackPort;

/** Real sshd servers on ports of the loopback device, each with a host key of its own, and a configuration by which ssh finds them. */
final class LoopbackSshd implements AutoCloseable {
    private final Path folder;
    private final List<Process> servers = new ArrayList<>();
    private final StringBuilder known = new StringBuilder();
    private final StringBuilder config = new StringBuilder();

    LoopbackSshd(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        key("user");
        key("stranger");
    }

    /** Where the server is; it wants to be started by its whole path. */
    static Optional<Path> program() {
        return Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A server that ssh knows under this name. */
    void serve(String name) throws IOException, InterruptedException {
        Path key = key(name + ".key");
        int port = LoopbackPort.free();
        Path settings =
                Files.writeString(folder.resolve(name + ".sshd"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                """.formatted(port, key, folder.resolve("user.pub")));
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // where the package's service would make it
        }
        servers.add(new ProcessBuilder(program().orElseThrow().toString(), "-D", "-e", "-f", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start());
        String[] publicKey = Files.readString(Path.of(key + ".pub")).split(" ");
        known.append("[127.0.0.1]:%d %s %s\n".formatted(port, publicKey[0], publicKey[1]));
        alias(name, port, "user", "known");
    }

    /** A name for a port; {@code identity} logs in, and hosts of {@code knownHosts} are trusted. */
    void alias(String name, int port, String identity, String knownHosts) throws IOException {
        config.append("""
                Host %s
                  HostName 127.0.0.1
                  Port %d
                  IdentityFile %s
                  UserKnownHostsFile %s
                """.formatted(name, port, folder.resolve(identity), folder.resolve(knownHosts)));
        Files.writeString(folder.resolve("known"), known);
        Files.writeString(config(), """
                IdentitiesOnly yes
                IdentityAgent none
                GlobalKnownHostsFile none
                ControlMaster auto
                ControlPath %s/to-%%n
                ControlPersist 30
                """.formatted(folder) + config);
    }

    int port(String name) throws IOException {
        return Integer.parseInt(Files.readString(folder.resolve(name + ".sshd"))
                .lines()
                .findFirst()
                .orElseThrow()
                .substring(5));
    }

    Path config() {
        return folder.resolve("ssh_config");
    }

    private Path key(String name) throws IOException, InterruptedException {
        Path key = folder.resolve(name);
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        return key;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": "
                    + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        List<Path> kept;
        try (Stream<Path> files = Files.list(folder)) {
            kept = files.filter(file -> file.getFileName().toString().startsWith("to-"))
                    .toList();
        }
        for (Path connection : kept) {
            String name = connection.getFileName().toString().substring(3);
            run("ssh", "-F", config().toString(), "-O", "exit", name);
        }
        for (Process server : servers) {
            server.destroy();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
