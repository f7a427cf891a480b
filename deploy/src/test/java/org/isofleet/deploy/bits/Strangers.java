package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Those who come to a port of a node and are none: what they say, and that they get nothing for it but an alert of TLS. */
final class Strangers {
    private static final char[] NO_PASSWORD = {};
    private static final int PATIENCE_MILLIS = 20_000;

    private Strangers() {}

    static byte[] garbage() {
        byte[] garbage = new byte[100_000];
        new Random(1).nextBytes(garbage);
        return garbage;
    }

    /** What opens a stream of Artery without TLS, then a frame of 2 GiB. */
    static byte[] hugeFrame() {
        return ByteBuffer.allocate(9 + 4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("AKKA".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 2)
                .putInt(Integer.MAX_VALUE)
                .array();
    }

    /** A record of a handshake that is four times as long as TLS allows. */
    static byte[] hugeRecord() {
        return ByteBuffer.allocate(70_000)
                .put((byte) 22)
                .putShort((short) 0x0303)
                .putShort((short) 0xFFFF)
                .array();
    }

    /** Says something that is no TLS, and is turned away. */
    static void say(int port, byte[] said) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(said);
            assertThat(socket.getInputStream().readAllBytes())
                    .as("an alert at most")
                    .hasSizeLessThan(32);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
        }
    }

    /** Speaks TLS, believes everybody, shows this certificate or none, and says something before it can know whether it is believed: nothing is answered. */
    static void shake(int port, @Nullable Path keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys == null ? new KeyManager[0] : keyManagers(keys), new TrustManager[] {new Credulous()}, null);
        try (Socket plain = connect(port);
                SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true)) {
            socket.startHandshake();
            socket.getOutputStream().write(hugeFrame());
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*(reset|Broken pipe|fatal alert|aborted|closed).*");
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static KeyManager[] keyManagers(Path folder) throws GeneralSecurityException, IOException {
        PrivateKey key = key(folder.resolve("node.key"));
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der(folder.resolve("node.pem"))));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("node", key, NO_PASSWORD, new Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, NO_PASSWORD);
        return managers.getKeyManagers();
    }

    /** A folder whose certificate an authority has issued, to somebody who is no node. */
    static Path certified(Path authority, Path folder) throws Exception {
        Files.createDirectories(folder);
        X509Certificate issuer = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der(authority.resolve("ca.pem"))));
        PrivateKey signs = key(authority.resolve("ca.key"));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair keys = rsa.generateKeyPair();
        Instant now = Instant.now();
        X509CertificateHolder certificate = new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.TEN,
                        Date.from(now.minusSeconds(3600)),
                        Date.from(now.plusSeconds(3600)),
                        new X500Principal("CN=printer"),
                        keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(signs));
        Base64.Encoder base64 = Base64.getMimeEncoder();
        Files.writeString(
                folder.resolve("node.key"),
                base64.encodeToString(keys.getPrivate().getEncoded()));
        Files.writeString(folder.resolve("node.pem"), base64.encodeToString(certificate.getEncoded()));
        return folder;
    }

    private static PrivateKey key(Path pem) throws GeneralSecurityException, IOException {
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der(pem)));
    }

    private static byte[] der(Path pem) throws IOException {
        List<String> lines = Files.readAllLines(pem).stream()
                .filter(line -> !line.startsWith("-----"))
                .toList();
        return Base64.getMimeDecoder().decode(String.join("", lines));
    }

    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
