package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.isofleet.coordinator.placement.PlacementDecider;
import org.isofleet.coordinator.placement.PlacementDecision;
import org.isofleet.coordinator.placement.PlacementEffect;
import org.isofleet.coordinator.placement.PlacementInput;
import org.isofleet.coordinator.placement.PlacementState;
import org.isofleet.coordinator.run.RunDecider;
import org.isofleet.coordinator.run.RunDecision;
import org.isofleet.coordinator.run.RunEffect;
import org.isofleet.coordinator.run.RunInput;
import org.isofleet.coordinator.run.RunPace;
import org.isofleet.coordinator.run.RunState;
import org.isofleet.coordinator.study.StudyDecider;
import org.isofleet.coordinator.study.StudyDecision;
import org.isofleet.coordinator.study.StudyEffect;
import org.isofleet.coordinator.study.StudyInput;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.isofleet.protocol.run.WorkerStatus;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/** Study, runs and placement as they decide, with journals in memory, a gateway, and workers behind a network. */
final class SimulatedCluster {
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration DEAD_AFTER = Duration.ofSeconds(3);

    final VirtualTime time;
    private final Chaos chaos;
    final StudyPlan plan;
    private final RunDecider decider = new RunDecider("store", RunPace.DEFAULT);
    private final Map<RunId, List<RunEvent>> journals = new TreeMap<>();
    private final Map<RunId, RunHistory> histories = new HashMap<>();
    final List<StudyEvent> studyJournal = new ArrayList<>();
    final SimulatedDisk disk = new SimulatedDisk(runId -> history(runId).needed());
    final Map<String, SimulatedWorker> workers = new TreeMap<>();
    private final Map<String, Instant> beats = new HashMap<>();
    private final Map<RunId, Integer> turns = new HashMap<>();
    private final Map<RunId, RunState> runs = new HashMap<>();
    /** A run that is read from its journal a second later than others. */
    @Nullable
    RunId delayed;

    private @Nullable StudyHistory study;
    private PlacementState placement;
    private int life;
    private boolean up = true;
    private long incarnations;

    SimulatedCluster(VirtualTime time, Chaos chaos, StudyPlan plan) {
        this.time = time;
        this.chaos = chaos;
        this.plan = plan;
        placement = PlacementState.starting(time.now());
        study(new StudyInput.Submitted(plan));
        pulse(BEAT, this::beat);
        pulse(Duration.ofMillis(100), () -> List.copyOf(workers.values()).forEach(w -> w.tick(workers)));
    }

    private void pulse(Duration every, Runnable action) {
        time.after(every, () -> {
            action.run();
            pulse(every, action);
        });
    }

    void startWorker(String id, KernelClass kernelClass) {
        workers.put(id, new SimulatedWorker(id, ++incarnations, kernelClass, chaos, time, disk));
    }

    void killWorker(String id) {
        SimulatedWorker worker = workers.remove(id);
        if (worker != null) {
            worker.alive = false;
        }
    }

    /** Everything that is not in a journal is gone; messages on their way go nowhere. */
    void restartCoordinator(Duration down) {
        life++;
        up = false;
        runs.clear();
        study = null;
        beats.clear();
        int mine = life;
        time.after(down, () -> {
            if (mine != life) {
                return;
            }
            up = true;
            placement = PlacementState.starting(time.now());
            StudyHistory history = null;
            for (StudyEvent event : studyJournal) {
                history = StudyHistory.after(history, event);
            }
            study = history;
            study(history == null ? new StudyInput.Submitted(plan) : new StudyInput.Recovered());
        });
    }

    /** An operator speaks to the study, if its coordinator is up. */
    void operate(OperatorWish.Action action, @Nullable RunId runId) {
        if (up) {
            study(new StudyInput.Operated(action, runId, "anna"));
        }
    }

    boolean finished() {
        return up && StudyDecider.outcome(study) != null;
    }

    RunHistory history(RunId runId) {
        return Objects.requireNonNull(histories.get(runId));
    }

    SimulatedWorker worker(String id) {
        return Objects.requireNonNull(workers.get(id), "no worker " + id);
    }

    List<RunEvent> journal(RunId runId) {
        return journals.getOrDefault(runId, List.of());
    }

    /** How a run ended. */
    RunEvent.RunSettled settled(RunId runId) {
        return Objects.requireNonNull(history(runId).settled(), "the run has not ended");
    }

    /** Where everything stands, for a test that failed. */
    String describe() {
        StringBuilder text = new StringBuilder("at " + time.now() + "\n");
        runs.forEach((id, state) -> text.append(id)
                .append(" ")
                .append(state.phase())
                .append("\n  need ")
                .append(state.lastNeed())
                .append("\n  staffing ")
                .append(state.staffing())
                .append("\n  group ")
                .append(state.history() == null ? null : state.history().group())
                .append("\n"));
        workers.values()
                .forEach(w -> text.append(w.id())
                        .append(" ")
                        .append(w.held())
                        .append(w.running ? " runs " : " stands ")
                        .append(w.unacknowledged)
                        .append("\n"));
        journals.values()
                .forEach(j -> j.stream()
                        .skip(Math.max(0, j.size() - 8))
                        .forEach(e -> text.append(e).append("\n")));
        return text.toString();
    }

    /** Delivers to this life of the coordinator only, without the network's vices: it is one process. */
    private void local(Duration after, Runnable action) {
        int mine = life;
        time.after(after, () -> {
            if (mine == life) {
                action.run();
            }
        });
    }

    private void toCoordinator(Runnable action) {
        chaos.carry(time, () -> {
            if (up) {
                action.run();
            }
        });
    }

    private void toWorker(String id, long incarnation, WorkerCommand command) {
        chaos.carry(time, () -> {
            SimulatedWorker worker = workers.get(id);
            if (worker != null && (incarnation < 0 || worker.member.incarnation() == incarnation)) {
                worker.take(command);
            }
        });
    }

    private void beat() {
        for (SimulatedWorker worker : workers.values()) {
            WorkerStatus status = new WorkerStatus(worker.profile, worker.held(), worker.evaluating, "gateway", 0);
            toCoordinator(() -> {
                beats.put(worker.id(), time.now());
                place(new PlacementInput.WorkerSeen(status));
            });
            worker.unacknowledged.forEach((sequence, report) -> toCoordinator(() -> heard(worker, sequence, report)));
        }
        for (Map.Entry<String, Instant> beat : List.copyOf(beats.entrySet())) {
            SimulatedWorker worker = workers.get(beat.getKey());
            if (time.now().isAfter(beat.getValue().plus(DEAD_AFTER))) {
                beats.remove(beat.getKey());
                long incarnation = worker == null ? incarnations : worker.member.incarnation();
                for (long i = 1; i <= incarnation; i++) {
                    place(new PlacementInput.WorkerGone(beat.getKey(), i, "gateway"));
                }
            }
        }
    }

    private void heard(SimulatedWorker worker, long sequence, RunReport report) {
        run(report.runId(), new RunInput.Reported(worker.id(), worker.member.incarnation(), report));
        chaos.carry(time, () -> worker.unacknowledged.remove(sequence));
    }

    private void place(PlacementInput input) {
        PlacementDecision decision = PlacementDecider.decide(placement, input, time.now());
        placement = decision.next();
        for (PlacementEffect effect : decision.effects()) {
            if (effect instanceof PlacementEffect.Staff staff) {
                chaos.carry(time, () -> {
                    if (up) {
                        run(staff.runId(), new RunInput.Staffed(staff.staffing()));
                    }
                });
            } else if (effect instanceof PlacementEffect.Release release) {
                toWorker(release.workerId(), -1, new WorkerCommand.ReleaseGroup(release.runId(), release.generation()));
            }
        }
    }

    private void study(StudyInput input) {
        StudyDecision decision = StudyDecider.decide(study, input, time.now());
        studyJournal.addAll(decision.events());
        study = decision.next();
        for (StudyEffect effect : decision.effects()) {
            if (effect instanceof StudyEffect.Order order) {
                RunId runId = order.order().runId();
                Duration after = Duration.ofMillis(runId.equals(delayed) ? 1000 : 1);
                local(after, () -> run(runId, new RunInput.Ordered(order.order())));
            } else if (effect instanceof StudyEffect.Operate operate) {
                Duration after = Duration.ofMillis(operate.runId().equals(delayed) ? 1000 : 1);
                local(after, () -> run(operate.runId(), new RunInput.Operated(operate.wish())));
            }
        }
        Instant wakeAt = decision.wakeAt();
        if (wakeAt != null && !(input instanceof StudyInput.RunEnded)) {
            int mine = life;
            time.at(wakeAt, () -> {
                if (mine == life) {
                    study(new StudyInput.Woke());
                }
            });
        }
    }

    private void run(RunId runId, RunInput input) {
        if (!runs.containsKey(runId)) {
            runs.put(runId, RunState.recovering(histories.get(runId)));
            decide(runId, new RunInput.Recovered());
        }
        decide(runId, input);
    }

    private void decide(RunId runId, RunInput input) {
        RunState before = Objects.requireNonNull(runs.get(runId));
        RunDecision decision = decider.decide(before, input, time.now());
        assertThat(decider.decide(before, input, time.now()).next()).isEqualTo(decision.next());
        List<RunEvent> journal = journals.computeIfAbsent(runId, id -> new ArrayList<>());
        for (RunEvent event : decision.events()) {
            RunHistory was = histories.get(runId);
            journal.add(event);
            histories.put(runId, RunHistory.after(was, event));
            Invariants.checkEvent(was, event);
        }
        if (!journal.isEmpty()) {
            assertThat(decision.next().history()).isEqualTo(history(runId));
        } else {
            journals.remove(runId);
        }
        runs.put(runId, decision.next());
        int turn = turns.merge(runId, 1, Integer::sum);
        if (chaos.happens(time.now(), decision.events().isEmpty() ? 0 : 0.02)) {
            restartCoordinator(Duration.ofSeconds(1 + chaos.random().nextInt(10)));
            return;
        }
        for (RunEffect effect : decision.effects()) {
            apply(runId, effect);
        }
        Instant wakeAt = decision.wakeAt();
        if (wakeAt != null) {
            int mine = life;
            time.at(wakeAt, () -> {
                if (mine == life && turns.getOrDefault(runId, 0) == turn) {
                    decide(runId, new RunInput.Woke());
                }
            });
        }
    }

    private void apply(RunId runId, RunEffect effect) {
        if (effect instanceof RunEffect.Command command) {
            Invariants.checkCommand(history(runId), command.command());
            toWorker(command.workerId(), command.incarnation(), command.command());
        } else if (effect instanceof RunEffect.Need need) {
            chaos.carry(time, () -> {
                if (up) {
                    place(new PlacementInput.Needed(need.need()));
                }
            });
        } else if (effect instanceof RunEffect.Settle settle) {
            local(
                    Duration.ofMillis(1),
                    () -> study(new StudyInput.RunEnded(
                            settle.runId(), settle.outcome(), settle.reason(), settle.loss(), settle.steps())));
        } else if (effect instanceof RunEffect.Reopen reopen) {
            local(Duration.ofMillis(1), () -> study(new StudyInput.RunReopened(reopen.runId())));
        }
    }
}
