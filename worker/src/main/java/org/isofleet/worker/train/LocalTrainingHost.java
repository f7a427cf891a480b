package org.isofleet.worker.train;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.log.RunScope;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.exchange.BulkServer;
import org.isofleet.worker.exchange.SumOrder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains in this process: commands are checked against the newest generation on the caller's thread and carried out one after the other
 * on the compute thread; a newer one stops at the next step boundary what an older one does.
 */
public final class LocalTrainingHost implements TrainingHost {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTrainingHost.class);

    private final String workerId;
    private final CheckpointRoutes routes;
    private final BulkServer bulk;
    private final Trainer trainer;
    private final ExecutorService compute;
    private final ExecutorService collector;
    private @Nullable Assignment newest;
    private boolean closed;

    /**
     * Opens the bulk port.
     *
     * @param workerId name of this worker
     * @param incarnation number of this process
     * @param bindHost address on which peers are accepted
     * @param bulkPort port on which they are; 0 for one chosen by the system
     * @param credentials by which peers know each other
     * @param engines make the engine of a run
     * @param imageSets open its images
     * @param lanes compute threads, the dedicated one among them
     * @param listener hears reports and steps
     * @param routes to checkpoints, shared with those who evaluate them
     * @throws IOException when the address cannot be bound; the message is one line
     */
    public LocalTrainingHost(
            String workerId,
            long incarnation,
            String bindHost,
            int bulkPort,
            BulkCredentials credentials,
            EngineFactory engines,
            ImageSets imageSets,
            int lanes,
            TrainingListener listener,
            CheckpointRoutes routes)
            throws IOException {
        this(
                workerId,
                incarnation,
                bindHost,
                bulkPort,
                credentials,
                engines,
                imageSets,
                lanes,
                listener,
                routes,
                SumOrder.TREE);
    }

    /** With a bulk port that the system chooses for peers of this machine, and checkpoints in folders of this machine. */
    public LocalTrainingHost(
            String workerId,
            long incarnation,
            String bindHost,
            byte[] secret,
            EngineFactory engines,
            ImageSets imageSets,
            int lanes,
            TrainingListener listener)
            throws IOException {
        this(
                workerId,
                incarnation,
                bindHost,
                0,
                new BulkCredentials(secret, null),
                engines,
                imageSets,
                lanes,
                listener,
                CheckpointRoutes.local());
    }

    /** With another order of sums, for a test that shows what the order is for. */
    LocalTrainingHost(
            String workerId,
            long incarnation,
            String bindHost,
            int bulkPort,
            BulkCredentials credentials,
            EngineFactory engines,
            ImageSets imageSets,
            int lanes,
            TrainingListener listener,
            CheckpointRoutes routes,
            SumOrder order)
            throws IOException {
        this.workerId = workerId;
        this.routes = routes;
        credentials.refusals().heardBy(listener::refused);
        this.bulk = new BulkServer(bindHost, bulkPort, workerId, incarnation, credentials);
        this.trainer = new Trainer(workerId, bulk, order, engines, imageSets, lanes, listener, routes);
        this.compute = thread("isofleet-compute-" + workerId);
        this.collector = thread("isofleet-collector-" + workerId);
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public synchronized void prepare(GroupPlan plan) {
        int member = plan.indexOf(workerId);
        Assignment before = newest;
        if (closed || member < 0 || (before != null && isOlder(plan, before))) {
            return;
        }
        if (before != null && before.serves(plan.spec().id(), plan.generation())) {
            if (!before.started() && !before.released()) {
                compute(before, () -> trainer.prepare(before)); // asked again: say it again
            }
            return;
        }
        Assignment assignment = new Assignment(plan, member);
        enter(assignment);
        compute(assignment, () -> trainer.prepare(assignment));
    }

    private void compute(Assignment assignment, Runnable task) {
        compute.execute(RunScope.around(assignment.runId(), assignment.generation(), task));
    }

    /** Ends what an older one does, and its connections. */
    private void enter(Assignment assignment) {
        if (newest != null) {
            newest.giveWayTo(assignment.plan());
        }
        newest = assignment;
        bulk.enter(assignment.runId(), assignment.generation());
    }

    @Override
    public synchronized void follow(GroupPlan plan, String source, long patienceMillis) {
        Assignment before = newest;
        int member = plan.indexOf(source);
        boolean isNews =
                before == null || !before.runId().equals(plan.spec().id()) || plan.generation() > before.generation();
        if (closed || member < 0 || plan.indexOf(workerId) >= 0 || !isNews) {
            return;
        }
        Assignment assignment = Assignment.following(plan, member, patienceMillis);
        enter(assignment);
        compute(assignment, () -> trainer.follow(assignment));
    }

    private static boolean isOlder(GroupPlan plan, Assignment than) {
        return than.runId().equals(plan.spec().id()) && plan.generation() < than.generation();
    }

    @Override
    public synchronized void start(RunId runId, long generation, StartPoint from) {
        Assignment assignment = newest;
        if (closed || assignment == null || !assignment.serves(runId, generation)) {
            LOG.debug("{} does not serve generation {} of {}", workerId, generation, runId);
            return;
        }
        if (!assignment.started() && !assignment.released()) {
            assignment.start();
            compute(assignment, () -> trainer.start(assignment, from));
        }
    }

    @Override
    public synchronized void release(RunId runId, long generation) {
        Assignment assignment = newest;
        if (closed || assignment == null || !assignment.runId().equals(runId) || generation < assignment.generation()) {
            return;
        }
        assignment.release();
        compute(assignment, () -> trainer.release(runId));
    }

    @Override
    public void depot(@Nullable Depot depot) {
        routes.depot(depot);
    }

    @Override
    public synchronized void write(RunId runId, long generation, long step) {
        Assignment assignment = newest;
        if (!closed && assignment != null && assignment.serves(runId, generation)) {
            try (RunScope scope = RunScope.of(runId, generation)) {
                trainer.checkpoints().writeCopy(assignment, step);
            }
        }
    }

    @Override
    public synchronized void collect(RunId runId, long generation, List<CheckpointRef> keep) {
        if (!closed) {
            collector.execute(RunScope.around(runId, generation, () -> collectIfServed(runId, generation, keep)));
        }
    }

    private void collectIfServed(RunId runId, long generation, List<CheckpointRef> keep) {
        Assignment assignment;
        synchronized (this) {
            assignment = newest;
        }
        if (assignment == null || !assignment.serves(runId, generation)) {
            LOG.debug("{} does not collect for generation {} of {}", workerId, generation, runId);
            return;
        }
        try {
            routes.to(assignment.plan().checkpointStore()).collect(runId, generation, keep);
        } catch (IOException | RuntimeException e) {
            LOG.warn("old checkpoints of {} could not be deleted: {}", runId, e.toString());
        }
    }

    @Override
    public @Nullable HeldState held() {
        return trainer.held();
    }

    @Override
    public BulkAddress bulkAddress() {
        return bulk.address();
    }

    @Override
    public double tokensPerSecond() {
        return trainer.tokensPerSecond();
    }

    @Override
    public double shardSeconds() {
        return trainer.shardSeconds();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (newest != null) {
                newest.stop().request();
            }
            compute.execute(trainer::close);
            compute.shutdown();
            collector.shutdown();
        }
        bulk.close();
        try {
            if (!compute.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("the compute thread of {} did not end within 30 s", workerId);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
