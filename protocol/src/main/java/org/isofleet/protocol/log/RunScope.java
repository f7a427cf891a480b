package org.isofleet.protocol.log;

import java.util.Map;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Puts run and generation into every line that this thread logs until it is closed. */
public final class RunScope implements AutoCloseable {
    /** Names in the mapped diagnostic context. */
    public static final String RUN = "run";

    public static final String GENERATION = "generation";

    private final @Nullable Map<String, String> before = MDC.getCopyOfContextMap();

    private RunScope() {}

    /** Lines about a run's group. */
    public static RunScope of(RunId run, long generation) {
        RunScope scope = of(run);
        MDC.put(GENERATION, Long.toString(generation));
        return scope;
    }

    /** Lines about a run, whatever its group. */
    public static RunScope of(RunId run) {
        RunScope scope = new RunScope();
        MDC.put(RUN, run.value());
        MDC.remove(GENERATION);
        return scope;
    }

    /** What a line about a run's group has in its context. */
    public static Map<String, String> context(RunId run, long generation) {
        return Map.of(RUN, run.value(), GENERATION, Long.toString(generation));
    }

    /** A task whose lines are about a run's group, wherever it is carried out. */
    public static Runnable around(RunId run, long generation, Runnable task) {
        return () -> {
            try (RunScope scope = of(run, generation)) {
                task.run();
            }
        };
    }

    /** A task for another thread, whose lines are about what this thread's are about now. */
    public static Runnable inherited(Runnable task) {
        Map<String, String> here = MDC.getCopyOfContextMap();
        return () -> {
            try (RunScope scope = new RunScope()) {
                MDC.setContextMap(here == null ? Map.of() : here);
                task.run();
            }
        };
    }

    @Override
    public void close() {
        MDC.setContextMap(before == null ? Map.of() : before);
    }
}
