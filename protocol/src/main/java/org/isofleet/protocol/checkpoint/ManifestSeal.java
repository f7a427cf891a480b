package org.isofleet.protocol.checkpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The last field of a manifest: the SHA-256 of all bytes before it, as they lie on disk. A damaged manifest that is JSON still would else be
 * believed about its step, its generation and its chain, of which no other digest knows.
 */
public final class ManifestSeal {
    private static final String BEFORE = ",\n  \"manifestSha256\" : \"";
    private static final String AFTER = "\"\n}";
    private static final int LENGTH = BEFORE.length() + 64 + AFTER.length();

    private ManifestSeal() {}

    /**
     * Adds the field.
     *
     * @param object a JSON object with a field at least
     */
    public static byte[] seal(byte[] object) {
        String open = new String(object, StandardCharsets.UTF_8).strip();
        if (!open.endsWith("}")) {
            throw new IllegalArgumentException("a manifest is a JSON object");
        }
        return sealed(open.substring(0, open.length() - 1).stripTrailing().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a manifest is what was sealed, to the bit. */
    public static boolean holds(byte[] manifest) {
        int open = manifest.length - LENGTH;
        return open > 0 && Arrays.equals(sealed(Arrays.copyOf(manifest, open)), manifest);
    }

    private static byte[] sealed(byte[] open) {
        byte[] end = (BEFORE + sha256(open) + AFTER).getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(open, open.length + end.length);
        System.arraycopy(end, 0, whole, open.length, end.length);
        return whole;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
