package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.isofleet.protocol.keys.KeyIssuer;
import org.isofleet.protocol.refusal.Refusals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApiTlsTest {
    private static final Operator NOBODY = (study, action, run, by) -> CompletableFuture.completedFuture(0);

    @TempDir
    Path folder;

    @Test
    void withKeys_itSpeaksTlsAsTheNodeOfTheAuthority() throws Exception {
        Path keys = folder.resolve("keys");
        KeyIssuer.init(keys, Duration.ofDays(365));
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "tls");
        HttpSettings settings = new HttpSettings("127.0.0.1", 0, folder, keys, new Refusals());
        try (ApiServer server = ApiServer.start(settings, NOBODY, system, Clock.systemUTC())) {
            assertThat(server.url()).startsWith("https://127.0.0.1:");
            assertThat(overTls(server.port(), keys.resolve("ca.pem"))).isEqualTo("HTTP/1.1 200 OK");
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                assertThat(status(plain)).doesNotContain("200");
            }
        } finally {
            system.terminate();
        }
    }

    private static String overTls(int port, Path authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        try (SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(plain, "isofleet-node", port, true)) {
            SSLParameters named = secured.getSSLParameters();
            named.setEndpointIdentificationAlgorithm("HTTPS");
            named.setServerNames(List.of(new SNIHostName("isofleet-node")));
            secured.setSSLParameters(named);
            return status(secured);
        }
    }

    private static String status(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /api/v1/health HTTP/1.1\r\nHost: isofleet-node\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                .readLine();
        return line == null ? "" : line;
    }
}
