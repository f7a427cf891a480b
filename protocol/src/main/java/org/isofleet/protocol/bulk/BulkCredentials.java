package org.isofleet.protocol.bulk;

import java.nio.charset.StandardCharsets;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.refusal.Refusals;
import org.jspecify.annotations.Nullable;

/** By what the two ends of a bulk stream know each other: the cluster's secret always; keys too, where the stream can be reached by others. */
public final class BulkCredentials {
    private final Handshake handshake;
    private final @Nullable NodeKeys keys;
    private final Refusals refusals = new Refusals();

    /**
     * @param secret of the cluster
     * @param keys of this node; null where TCP stays on this machine
     */
    public BulkCredentials(byte[] secret, @Nullable NodeKeys keys) {
        this.handshake = new Handshake(secret);
        this.keys = keys;
    }

    /** The same of a secret as text. */
    public static BulkCredentials of(String secret, @Nullable NodeKeys keys) {
        return new BulkCredentials(secret.getBytes(StandardCharsets.UTF_8), keys);
    }

    public Handshake handshake() {
        return handshake;
    }

    public @Nullable NodeKeys keys() {
        return keys;
    }

    /** Where it is told who had others. */
    public Refusals refusals() {
        return refusals;
    }
}
