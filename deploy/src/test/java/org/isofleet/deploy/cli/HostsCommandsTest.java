package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isofleet.deploy.bits.PackedProgram;
import org.isofleet.deploy.launch.LoopbackPort;
import org.isofleet.protocol.keys.KeyIssuer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are reached by ssh: real servers on the loopback device, each machine a folder of its own. */
@Tag("slow")
class HostsCommandsTest {
    /** Large and not needed by what is run here. */
    private static final String UNNEEDED = "(pytorch|onnxruntime|javacpp-presets-torch).*";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path temp = Path.of("");

    private final String classPath = System.getProperty("java.class.path");
    private @Nullable LoopbackSshd servers;
    private Path study = Path.of("");
    private Path hosts = Path.of("");
    private int port;

    @BeforeEach
    void serve() throws Exception {
        Assumptions.assumeTrue(
                LoopbackSshd.program().isPresent(),
                "no sshd here (Debian: openssh-server), so nothing is tried over ssh");
        System.setProperty("java.class.path", packed().map(Path::toString).collect(Collectors.joining(":")));
        LoopbackSshd sshd = new LoopbackSshd(temp);
        servers = sshd;
        sshd.serve("a");
        sshd.serve("b");
        study = Files.writeString(
                temp.resolve("short.conf"),
                resource("short.conf").replace("[3e10]", "[3e11]").replace("max-epochs = 9", "max-epochs = 90"));
        port = LoopbackPort.free();
        KeyIssuer.init(temp.resolve("keys"), Duration.ofDays(90));
        hosts = Files.writeString(
                temp.resolve("hosts.conf"), """
                port = %d
                archive = off
                slots = 0
                keys = keys
                hosts {
                  a { address = 127.0.0.1, folder = %s }
                  b { address = 127.0.0.1, folder = %s }
                }
                """.formatted(port, temp.resolve("at-a"), temp.resolve("at-b")));
    }

    @AfterEach
    void close() throws Exception {
        System.setProperty("java.class.path", classPath);
        for (String folder : List.of("at-a", "at-b")) {
            for (Path record : records(folder)) {
                process(record).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        if (servers != null) {
            servers.close();
        }
    }

    private LoopbackSshd sshd() {
        return Objects.requireNonNull(servers);
    }

    private static Stream<Path> packed() throws IOException {
        return PackedProgram.classPath().stream()
                .filter(jar -> !jar.getFileName().toString().matches(UNNEEDED));
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(PackedProgram.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Call call(String command, Object... arguments) {
        return Call.of(Stream.concat(
                        Stream.of(command, "--hosts", hosts, "--ssh-config", sshd().config()), Stream.of(arguments))
                .toArray());
    }

    private List<Path> records(String folder) throws IOException {
        Path nodes = temp.resolve(folder).resolve("nodes");
        if (!Files.exists(nodes)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(nodes)) {
            return all.filter(file -> file.toString().endsWith(".pid")).sorted().toList();
        }
    }

    private static Optional<ProcessHandle> process(Path record) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(record).split(" ")[0]))
                .filter(ProcessHandle::isAlive);
    }

    private String events() {
        try {
            return Files.readString(temp.resolve("at-a/studies/short/events.jsonl"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Large jars are there already, by their checksums; what is copied is enough to see that it comes. */
    private void placeLargeJars() throws Exception {
        for (Path jar : packed().toList()) {
            if (Files.size(jar) > 200_000) {
                String sha256 = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
                for (String folder : List.of("at-a", "at-b")) {
                    Path jars = Files.createDirectories(temp.resolve(folder).resolve("jars"));
                    Files.createSymbolicLink(jars.resolve(sha256.substring(0, 16) + "-" + jar.getFileName()), jar);
                }
            }
        }
    }

    @Test
    void machines_areBroughtUp_foundAgain_drainedAndStopped() throws Exception {
        placeLargeJars();
        Call up = call("up", study);
        assertThat(up.code()).as(up.err()).isZero();
        assertThat(up.out()).contains("a: coordinator started", "0 workers on 2 hosts", "isofleet down --hosts");
        assertThat(records("at-a")).hasSize(1);
        List<String> before = Files.readAllLines(temp.resolve("at-a/nodes/coordinator.pid"));
        try (Stream<Path> keys = Files.list(temp.resolve("at-b/keys"))) {
            assertThat(keys.map(key -> key.getFileName().toString()))
                    .containsExactlyInAnyOrder("ca.pem", "node.key", "node.pem");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("at-b/keys/node.key"))))
                .isEqualTo("rw-------");

        Call again = call("up", study);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).startsWith("up: ").doesNotContain("started", "copied");
        assertThat(Files.readAllLines(temp.resolve("at-a/nodes/coordinator.pid")))
                .isEqualTo(before);

        Files.createDirectory(temp.resolve("at-c"));
        Files.createSymbolicLink(temp.resolve("at-c/jars"), temp.resolve("at-a/jars"));
        Call added = call(
                "add",
                study,
                "c",
                "--ssh",
                "b",
                "--address",
                "127.0.0.1",
                "--slots",
                "0",
                "--folder",
                temp.resolve("at-c"));
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.out())
                .contains("c: 0 jars and 4 files copied", "0 workers on 3 hosts")
                .doesNotContain("started");
        assertThat(Files.readString(hosts)).contains("hosts.\"c\" { ssh = \"b\"");

        System.setProperty("java.class.path", hosts.toString());
        assertThat(call("up", study).complaints())
                .singleElement()
                .asString()
                .startsWith("isofleet: a: coordinator is of another version (");

        System.setProperty("java.class.path", packed().map(Path::toString).collect(Collectors.joining(":")));
        String more = Files.readString(hosts).replace("slots = 0", "slots = 1");
        Files.writeString(hosts, more);
        Call workers = call("up", study);
        assertThat(workers.code()).as(workers.err()).isZero();
        assertThat(workers.out()).contains("a: a-1 started", "b: b-1 started").doesNotContain("coordinator started");
        await().atMost(PATIENCE)
                .until(() -> events().lines().anyMatch(l -> l.contains("TRAINING") && l.contains("\"a-1\",\"b-1\"")));
        Call drained = call("drain", "b");
        assertThat(drained.out()).as(drained.err()).isEqualTo("b: b-1 stopped\n");
        assertThat(events()).contains("worker b-1 is given back").doesNotContain("was lost");
        assertThat(records("at-b")).isEmpty();

        sshd().alias("gone", LoopbackPort.free(), "user", "known");
        Files.writeString(hosts, more + "hosts.gone { address = 127.0.0.1 }\n");
        Call down = call("down");
        assertThat(down.out()).as(down.err()).contains("a: coordinator stopped", "down: 2 nodes were stopped");
        assertThat(down.complaints()).singleElement().asString().startsWith("isofleet: gone: ");
        assertThat(records("at-a")).isEmpty();
        assertThat(records("at-b")).isEmpty();
        assertThat(events()).as("the study stays").contains("checkpoint-committed");

        Files.writeString(hosts, more);
        assertThat(call("logs", "b-1", "-n", "1").out()).startsWith("b-1  ").contains("has handed over");
        Call shell = call("exec", "--on", "a,b", "--", "echo $((40 + 2))");
        assertThat(shell.out().lines()).containsExactlyInAnyOrder("a  42", "b  42");
    }

    @Test
    void whateverIsWrongWithMachines_isNamedForEach_andNothingIsStarted() throws Exception {
        sshd().alias("off", LoopbackPort.free(), "user", "known");
        sshd().alias("foreign", sshd().port("a"), "stranger", "known");
        sshd().alias("unknown", sshd().port("a"), "user", "nobody");
        String good = Files.readString(hosts);
        Files.writeString(hosts, good + """
                hosts {
                  off { address = 127.0.0.1 }
                  foreign { address = 127.0.0.1 }
                  unknown { address = 127.0.0.1 }
                  bare { ssh = b, address = 127.0.0.1, java = /nowhere/java, folder = %1$s/bare }
                  shut { ssh = b, address = 127.0.0.1, folder = %1$s/user.pub/below }
                }
                """.formatted(temp));
        Call up;
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            up = call("up", study);
        }
        assertThat(up.code()).isEqualTo(2);
        assertThat(up.out()).isEmpty();
        assertThat(up.complaints()).hasSize(6);
        assertThat(up.complaints().get(0))
                .startsWith("isofleet: a: port " + port + " is taken")
                .contains("give another port");
        assertThat(up.complaints().get(1)).startsWith("isofleet: off: ").contains("cannot be reached", "is on");
        assertThat(up.complaints().get(2))
                .startsWith("isofleet: foreign: ")
                .contains("lets none of your keys in", "ssh-copy-id");
        assertThat(up.complaints().get(3)).startsWith("isofleet: unknown: ").contains("compare its fingerprint");
        assertThat(up.complaints().get(4)).startsWith("isofleet: bare: there is no Java named '/nowhere/java'");
        assertThat(up.complaints().get(5)).startsWith("isofleet: shut: cannot write to " + temp.resolve("user.pub"));
        assertThat(temp.resolve("at-a")).doesNotExist();
        assertThat(temp.resolve("at-b")).doesNotExist();
        assertThat(call("exec", "--on", "of", "true").complaints())
                .containsExactly("isofleet: " + hosts + ": there is no host 'of'; did you mean 'off'?");
    }
}
