package org.isofleet.metrics.webhook;

import static org.isofleet.protocol.study.Requirement.require;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell of what.
 *
 * @param url {@code http} or {@code https}; often itself a secret, so only its host is ever printed
 * @param on what is told there
 * @param secret signs what is sent; null without
 */
public record Webhook(URI url, Set<Occasion> on, @Nullable String secret) {
    /** What can be told. */
    public enum Occasion {
        RUN_FAILED,
        STUDY_FINISHED;

        /** As it is written in files and notices. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Webhook {
        on = Set.copyOf(on);
        String scheme = String.valueOf(url.getScheme());
        require(
                (scheme.equals("http") || scheme.equals("https")) && url.getHost() != null,
                "a webhook's url begins with http:// or https:// and a host");
        require(!on.isEmpty(), "a webhook that is told of nothing is none; name run-failed or study-finished");
    }

    /** Value of the header that proves whence a notice comes: HMAC-SHA256 of its bytes in UTF-8. */
    String signature(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(String.valueOf(secret).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Tells hooks apart and nothing of the url. */
    String digest() {
        return digest(url.toString());
    }

    static String digest(String text) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "webhook of " + url.getHost();
    }
}
