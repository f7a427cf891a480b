package org.isofleet.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class RunScopeTest {
    private static final RunId RUN = new RunId("0123456789abcdef");
    private static final RunId OTHER = new RunId("fedcba9876543210");

    @Test
    void scope_lastsUntilItIsClosed_andGivesBackWhatWasThere() {
        try (RunScope outer = RunScope.of(RUN, 3)) {
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("run", RUN.value(), "generation", "3"));
            try (RunScope inner = RunScope.of(OTHER)) {
                assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("run", OTHER.value()));
            }
            assertThat(MDC.get("generation")).isEqualTo("3");
        }
        assertThat(MDC.get("run")).isNull();
    }

    @Test
    void task_ofAnotherThread_isAboutWhatThisOneWasAbout() throws InterruptedException {
        AtomicReference<String> seen = new AtomicReference<>("");
        Runnable task;
        try (RunScope scope = RunScope.of(RUN, 7)) {
            task = RunScope.inherited(() -> seen.set(MDC.get("run") + " " + MDC.get("generation")));
        }
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        assertThat(seen.get()).isEqualTo("0123456789abcdef 7");
        RunScope.around(OTHER, 1, () -> seen.set(MDC.get("run"))).run();
        assertThat(seen.get()).isEqualTo(OTHER.value());
        assertThat(MDC.get("run")).isNull();
    }
}
