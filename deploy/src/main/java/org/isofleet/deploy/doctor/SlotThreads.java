package org.isofleet.deploy.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.deploy.launch.CoreSets;

/**
 * How {@code --local WORKERS --threads THREADS} would set the threads of one worker here.
 *
 * @param worker its id
 * @param cores that it is bound to, as {@code taskset} lists them; empty where the scheduler places it
 * @param nativeThreads that a product may use: one, for a worker's compute threads take different shards
 */
public record SlotThreads(
        String worker,
        int threads,
        String cores,
        @JsonProperty("native_threads") int nativeThreads) {
    /** Of the fleet that fills the machine with workers of one thread. */
    static List<SlotThreads> filling(CoreSets cores, int workers) {
        List<SlotThreads> slots = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            List<String> prefix = cores.prefix(worker, workers, 1);
            slots.add(new SlotThreads("w" + (worker + 1), 1, prefix.isEmpty() ? "" : prefix.get(prefix.size() - 1), 1));
        }
        return slots;
    }
}
