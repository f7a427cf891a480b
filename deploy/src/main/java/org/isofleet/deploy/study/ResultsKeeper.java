package org.isofleet.deploy.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.isofleet.coordinator.node.CoordinatorNode;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.tensorboard.TensorBoardFolder;
import org.isofleet.metrics.webhook.Webhook;
import org.isofleet.metrics.webhook.Webhooks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the results in a study folder up to date, from one coordinator at a time: the one that has the lock of {@code results.lock}. When
 * its process dies the operating system frees the lock, and the next one has the study shown to it once more, for the results are a
 * projection of the journal. One that is frozen keeps the lock: the files then stand still until it is gone, and are never written by two.
 */
final class ResultsKeeper implements AutoCloseable {
    private static final String LOCK = "results.lock";
    private static final Duration TRY_EVERY = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(ResultsKeeper.class);

    private final Path path;
    private final CoordinatorNode coordinator;
    private final String studyId;
    private final List<Webhook> hooks;
    private final Consumer<UncheckedIOException> failed;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "isofleet-results");
        created.setDaemon(true);
        return created;
    });
    private @Nullable ScheduledFuture<?> attempts;
    private @Nullable FileChannel lock;
    private @Nullable StudyFolder folder;
    private @Nullable Webhooks webhooks;

    private ResultsKeeper(
            Path path,
            CoordinatorNode coordinator,
            String studyId,
            List<Webhook> hooks,
            Consumer<UncheckedIOException> failed) {
        this.path = path;
        this.coordinator = coordinator;
        this.studyId = studyId;
        this.hooks = hooks;
        this.failed = failed;
    }

    /**
     * Keeps a folder as soon as no other does.
     *
     * @param hooks told by who keeps it
     * @param failed told when it cannot be written to
     * @throws IOException when it cannot be written to from the start
     */
    static ResultsKeeper open(
            Path path,
            CoordinatorNode coordinator,
            String studyId,
            List<Webhook> hooks,
            Consumer<UncheckedIOException> failed)
            throws IOException {
        ResultsKeeper keeper = new ResultsKeeper(path, coordinator, studyId, hooks, failed);
        if (!keeper.isKeeping()) {
            keeper.attempts = keeper.thread.scheduleWithFixedDelay(
                    keeper::tryAgain, TRY_EVERY.toMillis(), TRY_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
        return keeper;
    }

    private void tryAgain() {
        try {
            if (isKeeping() && attempts != null) {
                attempts.cancel(false);
            }
        } catch (IOException e) {
            LOG.warn("the results of {} are not kept from here yet: {}", path, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the results of {} cannot be kept from here", path, e);
        }
    }

    private synchronized boolean isKeeping() throws IOException {
        if (folder != null) {
            return true;
        }
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            return false;
        }
        StudyFolder opened;
        Webhooks told;
        try {
            opened = StudyFolder.open(path);
            told = Webhooks.open(hooks, path);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        lock = channel;
        folder = opened;
        webhooks = told;
        TensorBoardFolder scalars = new TensorBoardFolder(path.resolve(TensorBoardFolder.NAME));
        coordinator.subscribe(event -> {
            take(opened, event);
            StudyView view = opened.view();
            scalars.take(view, event);
            told.take(view, event);
        });
        if (coordinator.isOneOfSeveral()) {
            coordinator.show(studyId);
        }
        return true;
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void take(StudyFolder into, LiveEvent event) {
        try {
            into.accept(event);
        } catch (UncheckedIOException e) {
            failed.accept(e); // most likely a full disk: the journal will fail next
        }
    }

    /** How the study stands in the folder, if this process keeps it. */
    synchronized Optional<StudyView> view() {
        return Optional.ofNullable(folder).map(StudyFolder::view);
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        synchronized (this) {
            if (webhooks != null) {
                webhooks.close();
            }
            // The lock goes though a full disk refuses the rest.
            try (FileChannel freed = lock;
                    StudyFolder closed = folder) {
                LOG.debug("the results of {} are kept from here no more", path);
            }
        }
    }
}
