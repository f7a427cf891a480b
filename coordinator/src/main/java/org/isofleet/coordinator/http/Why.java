package org.isofleet.coordinator.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.live.WorkerView;

/** Why a run stands where it stands, in sentences for people. */
final class Why {
    private static final double SLOW = 2;

    private Why() {}

    /** The most telling first. */
    static List<String> of(StudyView view, RunView run, Instant now) {
        List<String> why = new ArrayList<>();
        String reason = run.trace().reason().orElse("");
        switch (run.state()) {
            case WAITING -> waits(view, run, why);
            case FORMING ->
                why.add("generation " + run.trace().generation() + " forms on " + workers(run)
                        + (reason.isEmpty() ? "" : ", because " + reason));
            case TRAINING -> trains(view, run, why);
            case EVALUATING ->
                why.add("it has trained, and waits for its metrics: "
                        + Narrative.some(run.trace().results().size(), "result") + " so far");
            case RETRYING -> why.add("its last attempt failed, and it will be tried again: " + orUnknown(reason));
            case PAUSED -> why.add("it was " + orUnknown(reason) + " and has no workers until it is resumed");
            case PARKED -> why.add("it was given up: " + orUnknown(reason));
            case STOPPED -> why.add("the study did not need it any more: " + orUnknown(reason));
            case DONE -> why.add("it is done" + (reason.isEmpty() ? "" : ", but " + reason));
        }
        if (!run.trace().since().equals(Instant.EPOCH) && !run.ended()) {
            why.add("in this state for "
                    + Notation.time(atLeastZero(Duration.between(run.trace().since(), now))));
        }
        if (run.trace().restarts() > 0) {
            why.add(Narrative.some(run.trace().restarts(), "restart") + " so far, generation "
                    + run.trace().generation());
        }
        view.warnings().stream()
                .filter(warning -> run.id().equals(warning.runId()))
                .reduce((one, later) -> later)
                .ifPresent(warning -> why.add("last warning: " + warning.text()));
        return why;
    }

    private static void waits(StudyView view, RunView run, List<String> why) {
        run.trace().reason().ifPresent(why::add);
        List<WorkerView> alive =
                view.workers().values().stream().filter(WorkerView::alive).toList();
        long idle = alive.stream().filter(worker -> worker.seen().run() == null).count();
        if (alive.isEmpty()) {
            why.add("no worker lives: start one with 'isofleet worker', or wait until one is back");
        } else if (idle == 0) {
            why.add((alive.size() == 1 ? "the only worker is" : "all " + alive.size() + " workers are")
                    + " busy with other runs");
        } else {
            why.add(idle + " of " + Narrative.some(alive.size(), "worker")
                    + " idle: if that lasts, none of them may have its kernel class or its memory");
        }
        long before = view.runs().stream()
                .takeWhile(other -> !other.id().equals(run.id()))
                .filter(other -> other.state() == RunState.WAITING)
                .count();
        if (before > 0) {
            why.add(Narrative.some(before, "run") + " before it in the study's order "
                    + (before == 1 ? "waits" : "wait") + " too");
        }
    }

    private static void trains(StudyView view, RunView run, List<String> why) {
        why.add("it trains on " + workers(run) + ": step " + run.trace().step() + " of "
                + run.spec().steps() + ", " + Notation.count(run.trace().tokensPerSecond()) + " tokens/s");
        for (String id : run.trace().workers()) {
            WorkerView worker = view.workers().get(id);
            if (worker != null && !worker.alive()) {
                why.add("worker " + id + " is lost: " + worker.lost());
            } else if (worker != null && isSlow(worker.seen())) {
                why.add("worker " + id + " takes "
                        + Notation.fixed(worker.seen().stragglerScore(), 1)
                        + " times as long for a shard as the best that is known");
            }
        }
    }

    private static boolean isSlow(WorkerSeen worker) {
        return worker.stragglerScore() >= SLOW;
    }

    private static String workers(RunView run) {
        return run.trace().workers().isEmpty()
                ? "no worker"
                : String.join(" + ", run.trace().workers());
    }

    private static String orUnknown(String reason) {
        return reason.isEmpty() ? "no reason was told" : reason;
    }

    private static Duration atLeastZero(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }
}
