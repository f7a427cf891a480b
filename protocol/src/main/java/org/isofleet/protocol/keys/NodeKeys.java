package org.isofleet.protocol.keys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a node, from a folder that is looked at again before each new connection: files that were replaced count from then on, without a
 * restart, while connections that stand go on with what they began with. Files that do not fit together, because they are just being
 * replaced or were damaged, are told once, and the keys of before go on serving.
 *
 * <p>TLS 1.3 alone, both sides with a certificate, no resumption of sessions, so that each connection is judged by the keys of its day.
 */
public final class NodeKeys {
    private static final Logger LOG = LoggerFactory.getLogger(NodeKeys.class);
    private static final Duration SOON = Duration.ofDays(30);
    private static final SSLParameters PARAMETERS = new SSLParameters(
            new String[] {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"}, new String[] {"TLSv1.3"});

    static {
        PARAMETERS.setNeedClientAuth(true);
    }

    private final KeyFolder folder;
    private List<String> marks;
    private SSLContext context;

    private NodeKeys(KeyFolder folder, List<String> marks, SSLContext context) {
        this.folder = folder;
        this.marks = marks;
        this.context = context;
    }

    /**
     * The keys in a folder: {@code node.key} and {@code node.pem} of the node, {@code ca.pem} of the authorities that it trusts.
     *
     * @throws InvalidSpecException when there are none that can be used; the message is one line with the mend
     */
    public static NodeKeys open(Path folder) {
        KeyFolder files = new KeyFolder(folder.toAbsolutePath());
        List<String> marks = files.marks();
        return new NodeKeys(files, marks, load(files));
    }

    private static SSLContext load(KeyFolder folder) {
        KeyMaterial material = KeyMaterial.read(folder);
        X509Certificate own = material.chain().get(0);
        Instant end = own.getNotAfter().toInstant();
        if (end.isBefore(Instant.now().plus(SOON))) {
            LOG.warn("the certificate in {} expires at {}: 'isofleet keys renew' makes a new one", folder.path(), end);
        } else {
            LOG.info(
                    "keys of {}: certificate {}, until {}",
                    folder.path(),
                    own.getSerialNumber().toString(16),
                    end);
        }
        return material.context();
    }

    /** Whoever can be reached from other machines needs keys: a shared secret proves who dials, and hides nothing from who listens in. */
    public static void requireBeyondLoopback(String host, @Nullable Path keys) {
        if (keys == null && !isLoopback(host)) {
            throw new InvalidSpecException(
                    "--host: " + host + " can be reached from other machines, and nothing there"
                            + " keeps strangers out: make keys with 'isofleet keys init DIR' and give --keys DIR to every node");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true; // nobody can listen there, which is said when it is tried
        }
    }

    /** Where they lie. */
    public Path folder() {
        return folder.path();
    }

    private synchronized SSLContext context() {
        List<String> now = folder.marks();
        if (!now.equals(marks)) {
            marks = now;
            try {
                context = load(folder);
            } catch (InvalidSpecException e) {
                LOG.warn("new connections go on with the keys of before: {}", e.getMessage());
            }
        }
        return context;
    }

    /** Of the side that dials. */
    public SSLEngine dialling() {
        return engine(true);
    }

    /** Of the side that is dialled. */
    public SSLEngine accepting() {
        return engine(false);
    }

    /** Of a side that proves who it is, and asks those who dial for something else than a certificate. */
    public SSLEngine serving() {
        SSLEngine engine = engine(false);
        engine.setNeedClientAuth(false);
        return engine;
    }

    private SSLEngine engine(boolean dialling) {
        SSLEngine engine = context().createSSLEngine(); // without a peer's name there is no session to be resumed
        engine.setUseClientMode(dialling);
        engine.setSSLParameters(PARAMETERS);
        return engine;
    }

    /** TLS over a connection that was dialled; returns when both sides have said who they are, as far as this side can know. */
    public Socket dialled(Socket plain) throws IOException {
        return secured(plain, true);
    }

    /** The same over one that was accepted; the other side is known when it returns. */
    public Socket accepted(Socket plain) throws IOException {
        return secured(plain, false);
    }

    private Socket secured(Socket plain, boolean dialling) throws IOException {
        SSLSocket secured = (SSLSocket) context().getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secured.setUseClientMode(dialling);
        secured.setSSLParameters(PARAMETERS);
        secured.setEnableSessionCreation(true);
        secured.startHandshake();
        return secured;
    }
}
