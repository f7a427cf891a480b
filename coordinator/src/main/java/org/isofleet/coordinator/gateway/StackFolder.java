package org.isofleet.coordinator.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.isofleet.protocol.group.GatewayMessage.StacksCaptured;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what workers that made no step said about where their threads stood: one text file each, in the folder {@value #FOLDER} of the run's.
 * Of each run the newest {@value #KEPT} are kept. Written on a thread of its own, for the disk may be what everything waits for.
 */
public final class StackFolder {
    private static final Logger LOG = LoggerFactory.getLogger(StackFolder.class);
    private static final String FOLDER = "stacks";
    private static final int KEPT = 16;
    private static final int WAITING = 32;
    private static final int LONGEST_NAME = 64;

    private final Path store;
    private final ThreadPoolExecutor writer =
            new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                Thread thread = new Thread(task, "isofleet-stacks");
                thread.setDaemon(true);
                return thread;
            });

    /** @param store folder below which the folders of runs lie */
    public StackFolder(Path store) {
        this.store = store;
    }

    /** Writes soon; what cannot be written is logged and lost. */
    void keep(StacksCaptured captured, Instant at, Consumer<Path> kept) {
        try {
            writer.execute(() -> {
                try {
                    kept.accept(write(captured, at));
                } catch (IOException e) {
                    LOG.warn("the stacks of worker {} could not be kept: {}", captured.workerId(), e.toString());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("the stacks of worker {} were not kept: too many wait to be written", captured.workerId());
        }
    }

    private Path write(StacksCaptured captured, Instant at) throws IOException {
        Path folder =
                Files.createDirectories(store.resolve(captured.runId().value()).resolve(FOLDER));
        Path file = folder.resolve(
                "generation-%06d-%s.txt".formatted(captured.generation(), fileName(captured.workerId())));
        String stacks = captured.stacks();
        Files.writeString(
                file,
                "worker %s, incarnation %d, run %s, generation %d, %s%n%s%n%n%s"
                        .formatted(
                                captured.workerId(),
                                captured.incarnation(),
                                captured.runId(),
                                captured.generation(),
                                at,
                                captured.reason(),
                                stacks.substring(0, Math.min(stacks.length(), StacksCaptured.LONGEST))));
        forget(folder);
        return file;
    }

    /** What a worker calls itself may be no name for a file. */
    private static String fileName(String workerId) {
        String safe = workerId.replaceAll("[^A-Za-z0-9_-]", "_");
        return safe.substring(0, Math.min(safe.length(), LONGEST_NAME));
    }

    private static void forget(Path folder) throws IOException {
        List<Path> newestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            newestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path old : newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size())) {
            Files.deleteIfExists(old);
        }
    }
}
