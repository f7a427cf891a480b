package org.isofleet.coordinator.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often somebody may ask: a bucket for each that holds {@code burst} questions and is filled again at a steady rate (the token bucket of
 * RFC 2697 with one colour). The {@value #REMEMBERED} that asked last are remembered; whoever was forgotten starts with a full one.
 */
final class RequestPace {
    static final int REMEMBERED = 1024;

    private record Bucket(double left, long atNanos) {}

    private final double perSecond;
    private final double burst;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    RequestPace(double perSecond, double burst) {
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /** Whether one more question is within the pace; it then counts. */
    synchronized boolean allows(String who, long nowNanos) {
        Bucket before = buckets.getOrDefault(who, new Bucket(burst, nowNanos));
        double filled = Math.min(burst, before.left + Math.max(0, nowNanos - before.atNanos) * perSecond / 1e9);
        boolean allowed = filled >= 1;
        buckets.put(who, new Bucket(allowed ? filled - 1 : filled, nowNanos));
        if (buckets.size() > REMEMBERED) {
            Iterator<Bucket> oldest = buckets.values().iterator();
            oldest.next();
            oldest.remove();
        }
        return allowed;
    }

    synchronized int remembered() {
        return buckets.size();
    }
}
