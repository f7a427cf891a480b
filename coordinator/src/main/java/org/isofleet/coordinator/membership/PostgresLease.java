package org.isofleet.coordinator.membership;

import com.typesafe.config.Config;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.isofleet.coordinator.journal.JournalSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that decides which coordinators go on, as a row in the journal's database. While it is held it is renewed; a holder that dies
 * or freezes loses it after {@code heartbeat-timeout}. Only who is on the table of coordinators gets it.
 */
public final class PostgresLease extends Lease {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);

    private final LeaseSettings settings;
    private final CoordinatorTable table;
    private final Incarnation self;
    private final ScheduledExecutorService thread;
    private volatile boolean held;
    private @Nullable ScheduledFuture<?> renewal;

    /** Called by Pekko. */
    public PostgresLease(LeaseSettings settings, ExtendedActorSystem system) {
        this.settings = settings;
        Config config = settings.leaseConfig();
        table = new CoordinatorTable(new JournalSettings.PostgreSql(
                config.getString("url"), config.hasPath("password") ? config.getString("password") : null));
        self = Incarnation.of(Cluster.get(system).selfUniqueAddress());
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread created = new Thread(task, "isofleet-lease");
            created.setDaemon(true);
            return created;
        });
        system.registerOnTermination(thread::shutdownNow);
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return acquire(lost -> {});
    }

    @Override
    public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
        return soon(() -> {
            held = table.acquire(settings.leaseName(), self, seconds());
            LOG.warn("the lease {} was {} {}", settings.leaseName(), held ? "taken by" : "refused to", self);
            if (held && renewal == null) {
                long pause = settings.timeoutSettings().getHeartbeatInterval().toMillis();
                renewal = thread.scheduleWithFixedDelay(() -> renew(lost), pause, pause, TimeUnit.MILLISECONDS);
            }
            return held;
        });
    }

    private void renew(Consumer<Optional<Throwable>> lost) {
        try {
            if (!table.acquire(settings.leaseName(), self, seconds())) {
                stopRenewing();
                lost.accept(Optional.empty());
            }
        } catch (SQLException e) {
            LOG.warn("the lease {} was not renewed, it is tried again: {}", settings.leaseName(), e.getMessage());
        }
    }

    @Override
    public CompletionStage<Boolean> release() {
        return soon(() -> {
            stopRenewing();
            table.release(settings.leaseName(), self);
            return true;
        });
    }

    private void stopRenewing() {
        held = false;
        if (renewal != null) {
            renewal.cancel(false);
            renewal = null;
        }
    }

    @Override
    public boolean checkLease() {
        return held;
    }

    private double seconds() {
        return settings.timeoutSettings().getHeartbeatTimeout().toMillis() / 1e3;
    }

    /** On the lease's own thread, and in time: a caller that hears nothing decides nothing. */
    private CompletionStage<Boolean> soon(Callable<Boolean> step) {
        Duration limit = settings.timeoutSettings().getOperationTimeout();
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return step.call();
                            } catch (Exception e) {
                                throw new CompletionException(e);
                            }
                        },
                        thread)
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
