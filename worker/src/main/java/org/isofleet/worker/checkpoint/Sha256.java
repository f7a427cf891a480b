package org.isofleet.worker.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.isofleet.worker.engine.FlatVector;

/** SHA-256 of texts and of the little-endian bytes of vectors. */
final class Sha256 {
    /** Floats that are digested at once. */
    private static final int CHUNK = 1 << 20;

    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static String of(String text) {
        MessageDigest digest = digest();
        digest.update(text.getBytes(StandardCharsets.US_ASCII));
        return hex(digest);
    }

    /** Of the bytes of the vectors, one after the other. */
    static String of(FlatVector... vectors) {
        MessageDigest digest = digest();
        for (FlatVector vector : vectors) {
            for (long at = 0; at < vector.length(); at += CHUNK) {
                ByteBuffer bytes = vector.bytes(at, (int) Math.min(CHUNK, vector.length() - at));
                digest.update(bytes);
            }
        }
        return hex(digest);
    }
}
