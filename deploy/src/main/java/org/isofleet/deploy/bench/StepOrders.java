package org.isofleet.deploy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The little protocol of a benchmarked process: it says {@code ready NAME}; for every line with a number it does that many steps and
 * answers with the seconds of each on one line; at the end of its input it ends.
 */
final class StepOrders {
    /** One training step. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    static final String READY = "ready ";

    private StepOrders() {}

    static void serve(String name, Step step) throws Exception {
        System.out.println(READY + name.lines().findFirst().orElse(""));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = next(orders); line != null; line = next(orders)) {
            StringBuilder answer = new StringBuilder();
            for (int i = Integer.parseInt(line.strip()); i > 0; i--) {
                long start = System.nanoTime();
                step.run();
                answer.append((System.nanoTime() - start) / 1e9).append(' ');
            }
            System.out.println(answer);
        }
    }

    private static @org.jspecify.annotations.Nullable String next(BufferedReader orders) throws IOException {
        return orders.readLine();
    }
}
