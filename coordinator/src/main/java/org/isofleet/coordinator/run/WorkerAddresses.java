package org.isofleet.coordinator.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where worker processes are reached. Workers come and go for as long as a run lives, so only those that were heard of last are
 * remembered; the members of a group are among them, since placement names them twice a second.
 */
final class WorkerAddresses<A> {
    /** More than a run's group and evaluators. */
    static final int MOST = 256;

    private record WorkerProcess(String workerId, long incarnation) {}

    private final Map<WorkerProcess, A> addresses = new LinkedHashMap<>();

    void remember(String workerId, long incarnation, A address) {
        WorkerProcess process = new WorkerProcess(workerId, incarnation);
        addresses.remove(process);
        addresses.put(process, address);
        if (addresses.size() > MOST) {
            addresses.remove(addresses.keySet().iterator().next());
        }
    }

    @Nullable
    A of(String workerId, long incarnation) {
        return addresses.get(new WorkerProcess(workerId, incarnation));
    }
}
