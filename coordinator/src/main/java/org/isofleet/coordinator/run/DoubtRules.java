package org.isofleet.coordinator.run;

import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.Culprits;
import org.isofleet.protocol.run.Doubt;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunNeed;

/**
 * What follows when members came to different bits. A wrong gradient is summed into every member before the hashes differ, so nobody's
 * memory counts any more, whoever it was: all go back to the last checkpoint, which all had agreed on. Who computed wrongly, if that
 * can be told, is left out for a time that doubles.
 *
 * <p>The report counts from an older generation too, unless it has been doubted already: a member that only saw the connection close may
 * have made the next generation go on from its memory, and even commit a checkpoint of it, before the other was heard. If that was
 * the last checkpoint, the end of training is taken back, and the run is computed again, whatever was measured or told of it meanwhile.
 */
final class DoubtRules {
    private DoubtRules() {}

    static void differ(RunTurn turn, RunReport.StatesDiffer report) {
        boolean ended = turn.history().completed() != null;
        if (!ended && turn.history().settled() != null) {
            return; // parked: it has no result
        }
        long newest = turn.history().generation();
        if (report.generation() > newest || !turn.history().group().trustsMemory(report.generation())) {
            return;
        }
        Doubt doubt = new Doubt(report.generation(), newest, report.step());
        turn.persist(new RunEvent.MemoryDoubted(turn.now, doubt, report.culprit(), report.reason()));
        discard(turn);
        turn.reachedStep = turn.history().committedStep();
        if (ended && turn.history().completed() == null) {
            turn.phase = new RunPhase.Waiting(null);
            turn.publishState(LiveEvent.RunState.WAITING, "trained again: " + report.reason());
            turn.tellStudy();
        }
        if (turn.history().group().open()) {
            List<Member> members = turn.history().group().members();
            String failed = report.culprit() == null ? report.workerId() : report.culprit();
            ReportRules.attemptFailed(turn, failed, report.reason());
            // A process that is alone has nobody to go on without it.
            members.stream()
                    .filter(m -> members.size() > 1 && m.workerId().equals(report.culprit()))
                    .forEach(m -> takeOut(turn, m));
        }
    }

    /** After a restart: who computed wrongly is left out for as long as it would have been, and for twice as long the next time. */
    static void recall(RunTurn turn) {
        Culprits culprits = turn.history().group().culprits();
        if (culprits == null) {
            return;
        }
        for (Culprits.Culprit culprit : culprits.all()) {
            RunNeed.Holding worker = new RunNeed.Holding(culprit.workerId(), culprit.incarnation());
            turn.avoid(worker, culprit.at());
            Setback setback = turn.setbacks.get(worker);
            if (setback != null && !culprit.alone() && turn.now.isBefore(setback.until())) {
                turn.suspects.put(worker, setback.until());
            }
        }
    }

    /** Checkpoints that were committed of memory in doubt. */
    private static void discard(RunTurn turn) {
        List<RunEvent.CheckpointCommitted> spoiled = turn.history().commits().stream()
                .filter(c -> !turn.history()
                        .group()
                        .trustsCheckpoint(c.generation(), c.checkpoint().step()))
                .toList();
        spoiled.forEach(c -> turn.persist(new RunEvent.CheckpointDiscarded(
                turn.now, c.checkpoint(), "it was written from memory with other bits than another worker's")));
    }

    /** Not even for want of another, for as long as it is avoided. */
    private static void takeOut(RunTurn turn, Member culprit) {
        Setback setback = turn.setbacks.get(RunTurn.holding(culprit));
        if (setback != null) {
            turn.suspect(culprit, setback.until());
        }
    }
}
