package org.isofleet.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.security.auth.x500.X500Principal;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeKeysTest {
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    static Path made = Path.of("");

    @TempDir
    Path temp = Path.of("");

    private Path keys = Path.of("");

    @BeforeAll
    static void make() throws IOException {
        KeyIssuer.init(made.resolve("ours"), YEAR);
        KeyIssuer.init(made.resolve("theirs"), YEAR);
    }

    @BeforeEach
    void copy() throws IOException {
        keys = copy("ours", temp.resolve("keys"));
    }

    private static Path copy(String from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(made.resolve(from))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }

    @Test
    void init_makesFilesThatOnlyTheirOwnerReads() throws IOException {
        Path folder = made.resolve("ours");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        for (String name : List.of("ca.key", "ca.pem", "node.key", "node.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
        try (Stream<Path> folders = Files.list(made)) {
            assertThat(folders).as("nothing unfinished is left").hasSize(2);
        }
    }

    @Test
    void init_whereThereIsSomething_isRefusedAndChangesNothing() throws IOException {
        byte[] before = Files.readAllBytes(keys.resolve("ca.key"));
        assertThatThrownBy(() -> KeyIssuer.init(keys, YEAR))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("is not empty");
        assertThat(keys.resolve("ca.key")).hasBinaryContent(before);
    }

    @Test
    void renew_withoutTheAuthoritysKey_isRefused() throws IOException {
        Files.delete(keys.resolve("ca.key"));
        assertThatThrownBy(() -> KeyIssuer.renew(keys, YEAR))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("renew where 'isofleet keys init' was run");
    }

    @ParameterizedTest
    @CsvSource({
        "node.key, -----BEGIN, -----BOGIN, does not hold one private key",
        "node.pem, -----BEGIN, -----BOGIN, does not hold a certificate",
        "node.pem, MII, AAA, does not hold a certificate",
        "ca.pem, -----END, -----, does not hold a certificate",
        "node.key, -----BEGIN PRIVATE, -----BEGIN ENCRYPTED PRIVATE, without a password"
    })
    void damagedFile_isRefusedInOneLine(String name, String right, String wrong, String told) throws IOException {
        Path file = keys.resolve(name);
        Files.writeString(file, Files.readString(file).replace(right, wrong));
        assertThatThrownBy(() -> NodeKeys.open(keys))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(name)
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(1))
                .contains(told);
    }

    @Test
    void missingFolder_isRefusedWithTheMend() {
        assertThatThrownBy(() -> NodeKeys.open(temp.resolve("nothing")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("is missing")
                .hasMessageContaining("isofleet keys init");
    }

    @Test
    void keyOfAnotherCertificate_isRefused() throws IOException {
        Files.copy(made.resolve("theirs/node.key"), keys.resolve("node.key"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> NodeKeys.open(keys)).hasMessageContaining("is not the key of the certificate");
    }

    @Test
    void nodesOfOneAuthority_knowEachOther() throws Exception {
        NodeKeys ours = NodeKeys.open(keys);
        assertThat(serialSeen(ours, ours)).isNotEmpty();
    }

    @Test
    void nodeOfAnotherAuthority_isRefusedByEitherSide() throws Exception {
        NodeKeys ours = NodeKeys.open(keys);
        NodeKeys theirs = NodeKeys.open(made.resolve("theirs"));
        assertThatThrownBy(() -> serialSeen(ours, theirs)).isInstanceOf(IOException.class);
        // One that believes us, whom we do not believe: its own authority's file holds ours.
        Path sly = copy("theirs", temp.resolve("sly"));
        Files.copy(keys.resolve("ca.pem"), sly.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> serialSeen(ours, NodeKeys.open(sly))).isInstanceOf(IOException.class);
    }

    /** As a company's authority serves others too: what it certified for them is good TLS, and still is no node. */
    @Test
    void certificateOfTheSameAuthority_forAnotherSubject_isRefusedByEitherSide() throws Exception {
        Path other = copy("ours", temp.resolve("other"));
        KeyIssuer.renew(other, new X500Principal("CN=mail server"), YEAR);
        NodeKeys node = NodeKeys.open(keys);
        NodeKeys mail = NodeKeys.open(other);
        assertThat(serialSeen(mail, mail)).as("among themselves").isNotEmpty();
        assertThatThrownBy(() -> serialSeen(node, mail)).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> serialSeen(mail, node)).isInstanceOf(SSLException.class);
    }

    @Test
    void renewedKeys_countForTheNextConnection_andTheOldOnesUntilThen() throws Exception {
        NodeKeys renewed = NodeKeys.open(keys);
        NodeKeys old = NodeKeys.open(copy("ours", temp.resolve("elsewhere")));
        String before = serialSeen(renewed, old);
        assertThat(serialSeen(renewed, old)).isEqualTo(before);

        KeyIssuer.renew(keys, YEAR);

        assertThat(serialSeen(renewed, old)).isNotEqualTo(before);
        assertThat(serialSeen(old, renewed)).isEqualTo(before);
    }

    @Test
    void keysThatDoNotFitYet_leaveThoseOfBefore() throws Exception {
        NodeKeys renewed = NodeKeys.open(keys);
        String before = serialSeen(renewed, renewed);
        Path fresh = copy("ours", temp.resolve("fresh"));
        KeyIssuer.renew(fresh, YEAR);

        Files.move(fresh.resolve("node.key"), keys.resolve("node.key"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(serialSeen(renewed, renewed)).isEqualTo(before);

        Files.move(fresh.resolve("node.pem"), keys.resolve("node.pem"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(serialSeen(renewed, renewed)).isNotEqualTo(before);
    }

    @Test
    void addressBeyondLoopback_needsKeys() {
        NodeKeys.requireBeyondLoopback("127.0.0.1", null);
        NodeKeys.requireBeyondLoopback("10.1.2.3", keys);
        for (String host : List.of("10.1.2.3", "0.0.0.0")) {
            assertThatThrownBy(() -> NodeKeys.requireBeyondLoopback(host, null))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("--keys DIR");
        }
    }

    /** Serial number of the server's certificate as a client sees it, after both have heard a byte of each other. */
    private static String serialSeen(NodeKeys server, NodeKeys client) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (Socket accepted = listening.accept()) {
                    accepted.setSoTimeout(10_000);
                    Socket secured = server.accepted(accepted);
                    secured.getOutputStream().write(secured.getInputStream().read());
                    secured.shutdownOutput();
                    assertThat(secured.getInputStream().read()).isEqualTo(-1);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            try (Socket plain = new Socket(listening.getInetAddress(), listening.getLocalPort())) {
                plain.setSoTimeout(10_000);
                SSLSocket secured = (SSLSocket) client.dialled(plain);
                secured.getOutputStream().write(7);
                assertThat(secured.getInputStream().read()).isEqualTo(7);
                // Half closed: the other side has said all, this one still speaks.
                assertThat(secured.getInputStream().read()).isEqualTo(-1);
                secured.shutdownOutput();
                served.join();
                return ((X509Certificate) secured.getSession().getPeerCertificates()[0])
                        .getSerialNumber()
                        .toString(16);
            }
        }
    }
}
