package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Results that many evaluations share and nobody changes; the oldest go when there are many. */
final class Baselines<T> {
    private static final int MOST = 64;

    /** Computes a result that is not kept yet. */
    @FunctionalInterface
    interface Computation<T> {
        T run() throws IOException, InterruptedException;
    }

    private final Map<String, T> kept = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > MOST;
        }
    };

    synchronized T get(String key, Computation<T> computation) throws IOException, InterruptedException {
        T known = kept.get(key);
        if (known != null) {
            return known;
        }
        T computed = computation.run();
        kept.put(key, computed);
        return computed;
    }
}
