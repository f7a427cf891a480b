package org.isofleet.coordinator.membership;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.typed.Subscribe;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator among those of its journal: joins those that live or founds their cluster, says every second that it lives, takes off the
 * table whom the cluster has given up, and stops when it finds itself taken off.
 *
 * <p>The last is what stops a process that was frozen for long: the others have gone on without it, and once they have forgotten the lease
 * by which they won, nothing else that it can reach would tell it.
 */
public final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration LAST_BEAT = Duration.ofSeconds(12);
    private static final Duration TRY = Duration.ofSeconds(CoordinatorTable.SILENCE_SECONDS);

    private final CoordinatorTable table;
    private final ActorSystem<?> system;
    private final Cluster cluster;
    private final Incarnation self;
    private final CompletableFuture<Void> up = new CompletableFuture<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "isofleet-membership");
        created.setDaemon(true);
        return created;
    });
    private @Nullable ScheduledFuture<?> beats;
    private boolean unreachable;

    /** The membership of a node that has just been started. */
    public Membership(JournalSettings.PostgreSql database, ActorSystem<?> system) {
        this.table = new CoordinatorTable(database);
        this.system = system;
        this.cluster = Cluster.get(system);
        this.self = Incarnation.of(cluster.selfUniqueAddress());
    }

    /**
     * Refuses a journal of another study folder; to be asked before anything is started.
     *
     * @param secret of the cluster, which lies in the study folder
     * @throws InvalidSpecException when it is, or cannot be reached
     */
    public static void requireOwn(JournalSettings.PostgreSql database, String secret) {
        try {
            new CoordinatorTable(database).bind(secret);
        } catch (SQLException e) {
            throw unreachable(database.url(), e);
        }
    }

    /**
     * The lives of coordinators that share a journal, as {@code pekko://isofleet@host:port#uid}, for those who watch from outside. One
     * that has just died is still told of for as long as the others are not sure.
     */
    public static List<String> members(JournalSettings.PostgreSql database) throws SQLException {
        return new CoordinatorTable(database)
                .members().stream().map(Incarnation::toString).toList();
    }

    /**
     * Returns when this node is a member.
     *
     * @throws InvalidSpecException when none of those who seem to live lets it join
     */
    public void join(Duration patience) throws InterruptedException {
        cluster.registerOnMemberUp(() -> up.complete(null));
        long end = System.nanoTime() + patience.toNanos();
        try {
            List<String> living = enter();
            while (!isUpWithin(TRY)) {
                if (System.nanoTime() > end) {
                    throw new InvalidSpecException("no coordinator of " + living + " let this one join in "
                            + patience.toSeconds() + " s; check that this machine and theirs reach each other");
                }
                living = enter();
            }
            if (!table.joined(self)) {
                throw new InvalidSpecException("the coordinators of " + living
                        + " ended while this one joined, and others have taken over; start it again");
            }
        } catch (SQLException e) {
            throw unreachable("the database", e);
        }
        system.systemActorOf(undertaker(), "undertaker", Props.empty());
        beats = thread.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<String> enter() throws SQLException {
        List<String> living = table.enter(self);
        if (living.isEmpty()) {
            cluster.join(cluster.selfAddress());
        } else {
            cluster.joinSeedNodes(
                    living.stream().map(AddressFromURIString::parse).toList());
        }
        return living;
    }

    private boolean isUpWithin(Duration wait) throws InterruptedException {
        try {
            up.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("never failed", e);
        }
    }

    private void beat() {
        try {
            if (!table.seen(self)) {
                LOG.error("{} is a coordinator no more: others have gone on without it; it stops", self);
                system.terminate();
            } else if (unreachable) {
                LOG.warn("the journal's database answers again");
            }
            unreachable = false;
        } catch (SQLException e) {
            if (!unreachable) {
                LOG.warn("the journal's database does not answer: {}", e.getMessage());
            }
            unreachable = true; // for all coordinators, most likely; nobody can found another cluster meanwhile
        }
    }

    /** Hears whom the cluster has given up. */
    private Behavior<MemberDowned> undertaker() {
        return Behaviors.setup(context -> {
            org.apache.pekko.cluster.typed.Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(Subscribe.create(context.getSelf(), MemberDowned.class));
            return Behaviors.receiveMessage(downed -> {
                Incarnation dead = Incarnation.of(downed.member().uniqueAddress());
                if (!dead.equals(self) && !thread.isShutdown()) {
                    thread.execute(() -> remove(dead));
                }
                return Behaviors.same();
            });
        });
    }

    private void remove(Incarnation gone) {
        try {
            table.remove(gone);
        } catch (SQLException e) {
            LOG.warn("{} was not taken off the table of coordinators: {}", gone, e.getMessage());
        }
    }

    private static InvalidSpecException unreachable(String database, SQLException e) {
        return new InvalidSpecException("the journal at " + database + " does not answer: "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + "; check that the server runs");
    }

    /** Takes this node off the table; it must have left the cluster. */
    @Override
    public void close() {
        if (beats != null) {
            beats.cancel(false); // it must not find itself gone
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_BEAT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the journal's database does not answer in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        remove(self);
    }
}
