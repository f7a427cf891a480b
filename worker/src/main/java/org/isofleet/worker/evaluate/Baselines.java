package org.isofleet.worker.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/** Results that many evaluations share; the oldest go when there are many. */
final class Baselines {
    private static final int MOST = 256;

    /** Computes a result that is not kept yet. */
    @FunctionalInterface
    interface Computation {
        double run() throws InterruptedException;
    }

    private final Map<String, Double> kept = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
            return size() > MOST;
        }
    };

    synchronized double get(String key, Computation computation) throws InterruptedException {
        Double known = kept.get(key);
        if (known != null) {
            return known;
        }
        double computed = computation.run();
        kept.put(key, computed);
        return computed;
    }
}
