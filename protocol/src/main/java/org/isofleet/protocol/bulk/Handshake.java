package org.isofleet.protocol.bulk;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.isofleet.protocol.study.RunId;

/**
 * How two processes convince each other, on a new connection, that both know the cluster's secret: each answers the other's random challenge
 * with an HMAC-SHA256 over everything said so far. The dialler proves first, so a stranger learns nothing but a random number.
 * The secret itself never travels.
 */
public final class Handshake {
    private static final long MAGIC = 0x49534F464C454554L; // "ISOFLEET"
    private static final int VERSION = 1;
    private static final int NONCE_BYTES = 32;
    private static final int LONGEST_NAME = 200;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;

    /** @param secret of the cluster */
    public Handshake(byte[] secret) {
        this.secret = secret.clone();
    }

    /**
     * Whom a connection is for.
     *
     * @param runId the run
     * @param generation of the run
     * @param from worker that dials
     * @param to worker that is dialled, or the coordinator's depot
     * @param incarnation of the worker that is dialled
     */
    public record Purpose(RunId runId, long generation, String from, String to, long incarnation) {}

    /** Decides whether an authenticated peer is let in. */
    @FunctionalInterface
    public interface Gate {
        boolean admits(Purpose purpose);
    }

    /** Who connects is one of ours, and what it asks for is not served: an older generation, mostly. */
    public static final class NotServedException extends ProtocolException {
        private static final long serialVersionUID = 1L;

        NotServedException(String message) {
            super(message);
        }
    }

    /** The dialler's side. */
    public void dial(DataInputStream in, DataOutputStream out, Purpose purpose) throws IOException {
        byte[] hello = hello(purpose);
        out.write(hello);
        out.flush();
        byte[] challenge = in.readNBytes(NONCE_BYTES);
        out.write(proof("dialler", hello, challenge));
        out.flush();
        byte[] answer = in.readNBytes(NONCE_BYTES);
        if (answer.length < NONCE_BYTES) {
            throw new ProtocolException(
                    "it refused the connection: it has another secret, or has left generation " + purpose.generation());
        }
        if (!MessageDigest.isEqual(answer, proof("acceptor", hello, challenge))) {
            throw new ProtocolException("it does not know the cluster's secret");
        }
    }

    /** The side that was dialled. */
    public Purpose accept(DataInputStream in, DataOutputStream out, Gate gate) throws IOException {
        if (in.readLong() != MAGIC || in.readInt() != VERSION) {
            throw new ProtocolException("it does not speak this protocol");
        }
        byte[] nonce = in.readNBytes(NONCE_BYTES);
        Purpose purpose = readPurpose(in);
        byte[] hello = hello(purpose, nonce);
        byte[] challenge = nonce();
        out.write(challenge);
        out.flush();
        byte[] answer = in.readNBytes(NONCE_BYTES);
        if (!MessageDigest.isEqual(answer, proof("dialler", hello, challenge))) {
            throw new ProtocolException("it does not know the cluster's secret");
        }
        if (!gate.admits(purpose)) {
            throw new NotServedException("it asks for generation " + purpose.generation() + " of " + purpose.runId()
                    + " at " + purpose.to() + ", which is not served here");
        }
        out.write(proof("acceptor", hello, challenge));
        out.flush();
        return purpose;
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    private static byte[] hello(Purpose purpose) throws IOException {
        return hello(purpose, nonce());
    }

    private static byte[] hello(Purpose purpose, byte[] nonce) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        out.write(nonce);
        out.writeLong(Long.parseUnsignedLong(purpose.runId().value(), 16));
        out.writeLong(purpose.generation());
        out.writeLong(purpose.incarnation());
        writeName(out, purpose.from());
        writeName(out, purpose.to());
        return bytes.toByteArray();
    }

    private static Purpose readPurpose(DataInputStream in) throws IOException {
        RunId runId = new RunId("%016x".formatted(in.readLong()));
        long generation = in.readLong();
        long incarnation = in.readLong();
        return new Purpose(runId, generation, readName(in), readName(in), incarnation);
    }

    private static void writeName(DataOutputStream out, String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_NAME) {
            throw new ProtocolException("the worker's name is longer than " + LONGEST_NAME + " bytes: " + name);
        }
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static String readName(DataInputStream in) throws IOException {
        int length = in.readUnsignedShort();
        if (length > LONGEST_NAME) {
            throw new ProtocolException("it does not speak this protocol");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private byte[] proof(String role, byte[] hello, byte[] challenge) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(role.getBytes(StandardCharsets.US_ASCII));
            mac.update(hello);
            mac.update(challenge);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
