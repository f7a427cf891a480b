package org.isofleet.worker.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.ChangedCopyException;
import org.isofleet.worker.checkpoint.CheckpointAccess;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.data.ShardedBatches;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.exchange.BulkServer;
import org.isofleet.worker.exchange.Followers;
import org.isofleet.worker.exchange.Following;
import org.isofleet.worker.exchange.PeerGroup;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.StateMismatchException;
import org.isofleet.worker.exchange.SumOrder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the compute thread of a worker does with an assignment. Holds at most one run; lives on that thread, but for the getters. */
final class Trainer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final String workerId;
    private final BulkServer bulk;
    private final SumOrder order;
    private final ImageSets imageSets;
    private final TrainingListener listener;
    private final CheckpointRoutes routes;
    private final AssignmentReports reports;
    private final CheckpointReports checkpoints;
    private final Lanes lanes;
    private final HeldRun run;
    private boolean undefined;
    private volatile double tokensPerSecond;
    private volatile double shardSeconds;

    Trainer(
            String workerId,
            BulkServer bulk,
            SumOrder order,
            EngineFactory engines,
            ImageSets imageSets,
            int lanes,
            TrainingListener listener,
            CheckpointRoutes routes) {
        this.workerId = workerId;
        this.bulk = bulk;
        this.order = order;
        this.imageSets = imageSets;
        this.listener = listener;
        this.routes = routes;
        this.reports = new AssignmentReports(workerId, listener);
        this.checkpoints = new CheckpointReports(workerId, listener);
        this.lanes = new Lanes(lanes, "isofleet-compute-" + workerId);
        this.run = new HeldRun(engines, lanes, checkpoints);
    }

    @Nullable
    HeldState held() {
        return run.told();
    }

    double tokensPerSecond() {
        return tokensPerSecond;
    }

    double shardSeconds() {
        return shardSeconds;
    }

    /** May be asked for copies by any thread. */
    CheckpointReports checkpoints() {
        return checkpoints;
    }

    void prepare(Assignment assignment) {
        if (assignment.stop().requested()) {
            return;
        }
        try {
            String gradientDigest = run.of(assignment.plan().spec()).gradientDigest();
            reports.prepared(assignment, run.told(), gradientDigest);
        } catch (RuntimeException | Error e) {
            drop();
            reports.broke(assignment, e);
        }
    }

    void follow(Assignment assignment) {
        if (assignment.stop().requested()) {
            return;
        }
        String failure = "it was asked to stop";
        try {
            TrainingState current = run.of(assignment.plan().spec());
            run.overwrite();
            run.serve(assignment.generation());
            follow(assignment, current);
        } catch (InterruptedException e) {
            LOG.debug("following generation {} of {} was stopped", assignment.generation(), assignment.runId());
        } catch (TrainingFailure e) {
            drop();
            failure = String.valueOf(e.getMessage());
        } catch (PeerLostException | IOException | UncheckedIOException e) {
            failure = String.valueOf(e.getMessage());
            LOG.info("{} is not followed any more: {}", assignment.runId(), failure);
        } catch (RuntimeException | Error e) {
            LOG.error("following {} failed", assignment.runId(), e);
            drop();
            failure = e.toString();
        }
        if (run.told() == null) {
            drop(); // overwritten in part
            reports.notFollowing(assignment, failure);
        }
    }

    private void follow(Assignment assignment, TrainingState current)
            throws IOException, PeerLostException, TrainingFailure, InterruptedException {
        CheckpointAccess store = routes.to(assignment.plan().checkpointStore());
        try (Following source = Following.connect(assignment.plan(), assignment.source(), bulk, assignment.stop())) {
            new FollowingSession(current, source, lanes, () -> {
                        boolean isFirst = run.told() == null; // the chain that came with it has its checkpoint
                        run.tell(current);
                        assignment.caughtUp();
                        if (!isFirst) {
                            keepCheckpoint(assignment, current, store);
                        }
                    })
                    .run();
        }
    }

    /** At a scheduled step; every worker that holds the run keeps a copy and the chain, one writes. */
    private void keepCheckpoint(Assignment assignment, TrainingState current, CheckpointAccess store) {
        RunSpec spec = current.spec();
        if (current.step() % spec.checkpointEvery() == 0 && current.step() < spec.steps()) {
            checkpoints.scheduled(assignment, current, store);
        }
    }

    void release(RunId runId) {
        run.release(runId);
    }

    void start(Assignment assignment, StartPoint from) {
        RunSpec spec = assignment.plan().spec();
        if (assignment.stop().requested()) {
            return;
        }
        try (ImageSet images = imageSets.open(spec.images(), spec.shape())) {
            train(assignment, from, images);
        } catch (InterruptedException e) {
            LOG.debug("generation {} of {} was stopped", assignment.generation(), assignment.runId());
        } catch (PeerLostException e) {
            reports.lost(assignment, e);
        } catch (StateMismatchException e) {
            drop(); // the wrong bits may have been summed by all, whoever computed them, so nobody's are kept
            reports.differing(assignment, e.step(), e.culprit(), e);
        } catch (ChangedCopyException e) {
            drop();
            reports.differing(assignment, e.step(), workerId, e);
        } catch (CheckpointReader.Unreadable e) {
            drop();
            reports.unreadable(assignment, ((StartPoint.FromCheckpoint) from).checkpoint(), e);
        } catch (TrainingFailure | IOException | UncheckedIOException e) {
            reports.failed(assignment, e);
        } catch (RuntimeException | Error e) {
            drop();
            reports.broke(assignment, e);
        } finally {
            tokensPerSecond = 0;
            shardSeconds = 0;
            if (undefined) {
                drop();
            }
        }
    }

    private void train(Assignment assignment, StartPoint from, ImageSet images)
            throws IOException, TrainingFailure, PeerLostException, StateMismatchException, InterruptedException,
                    CheckpointReader.Unreadable {
        RunSpec spec = assignment.plan().spec();
        TrainingState current = run.of(spec);
        CheckpointAccess store = routes.to(assignment.plan().checkpointStore());
        ShardedBatches batches = new ShardedBatches(images, spec.seed(), spec.batch(), spec.virtualShards());
        try (PeerGroup group = connect(assignment)) {
            train(assignment, from, store, new Pass.Ground(current, assignment, group, batches, order, lanes));
        }
    }

    private void train(Assignment assignment, StartPoint from, CheckpointAccess store, Pass.Ground ground)
            throws TrainingFailure, PeerLostException, StateMismatchException, InterruptedException,
                    CheckpointReader.Unreadable {
        TrainingState current = ground.state();
        try (Pass pass = ground.pass(0);
                Audit audit = Audit.of(ground, pass);
                Followers followers = new Followers(assignment.plan(), assignment.member(), bulk, assignment.stop())) {
            boolean readCheckpoint = take(assignment, current, from, store, ground.group());
            run.serve(assignment.generation());
            run.tell(current);
            reports.running(assignment, current.step(), readCheckpoint);
            loop(assignment, current, pass, audit, store, followers);
        }
    }

    private @Nullable PeerGroup connect(Assignment assignment)
            throws IOException, PeerLostException, InterruptedException {
        return assignment.plan().members().size() == 1
                ? null
                : PeerGroup.connect(assignment.plan(), assignment.member(), bulk, assignment.stop());
    }

    /** Brings the state to the start point; what was overwritten in part is worth nothing and dropped. */
    private boolean take(
            Assignment assignment,
            TrainingState current,
            StartPoint from,
            CheckpointAccess store,
            @Nullable PeerGroup group)
            throws TrainingFailure, CheckpointReader.Unreadable, PeerLostException, StateMismatchException,
                    InterruptedException {
        StartingState starting = new StartingState(current, assignment, store, lanes);
        boolean overwrites = !starting.isHeld(from);
        if (overwrites) {
            run.overwrite();
        }
        try {
            return starting.take(from, group);
        } catch (TrainingFailure
                | CheckpointReader.Unreadable
                | PeerLostException
                | StateMismatchException
                | InterruptedException e) {
            undefined = overwrites;
            throw e;
        }
    }

    private void loop(
            Assignment assignment,
            TrainingState current,
            Pass pass,
            @Nullable Audit audit,
            CheckpointAccess store,
            Followers followers)
            throws TrainingFailure, PeerLostException, StateMismatchException, InterruptedException {
        RunSpec spec = current.spec();
        double tokens = (double) spec.batch() * spec.shape().tokens();
        double share = (double) (assignment.plan().endShard(assignment.member())
                        - assignment.plan().firstShard(assignment.member()))
                / spec.virtualShards();
        StepTelemetry telemetry = new StepTelemetry(tokens, (steps, rate) -> {
            tokensPerSecond = rate * share;
            if (assignment.leads()) {
                listener.steps(assignment.runId(), assignment.generation(), steps, rate);
            }
        });
        long begin = System.nanoTime();
        try {
            new TrainingSession(current, pass, audit, lanes, (metrics, used) -> {
                        run.tell(current);
                        shardSeconds = pass.gradients().shardSeconds();
                        telemetry.add(metrics);
                        checkpoints.agreed(current.step() - 1);
                        keepCheckpoint(assignment, current, store);
                        followers.stepped(used, current::forFollower);
                    })
                    .run(assignment.stop());
        } finally {
            telemetry.deliver();
        }
        pass.exchange().agree(current.step(), current.hash()); // else nothing would check the last step
        checkpoints.agreed(current.step());
        double seconds = (System.nanoTime() - begin) * 1e-9;
        checkpoints.last(assignment, current, store, seconds);
    }

    private void drop() {
        run.drop();
        undefined = false;
    }

    @Override
    public void close() {
        drop();
        lanes.close();
    }
}
