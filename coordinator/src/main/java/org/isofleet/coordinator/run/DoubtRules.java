package org.isofleet.coordinator.run;

import java.util.List;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.Doubt;
import org.isofleet.protocol.run.RunEvent;

/**
 * What follows when members came to different bits. A wrong gradient is summed into every member before the hashes differ, so nobody's
 * memory counts any more, whoever it was: all go back to the last checkpoint, which all had agreed on. Who computed wrongly, if that
 * can be told, is left out for a time that doubles.
 *
 * <p>The report counts from an older generation too, unless it has been doubted already: a member that only saw the connection close may
 * have made the next generation go on from its memory, and even commit a checkpoint of it, before the other was heard.
 */
final class DoubtRules {
    private DoubtRules() {}

    static void differ(RunTurn turn, RunReport.StatesDiffer report) {
        if (turn.history().completed() != null || turn.history().settled() != null) {
            turn.warn("training had ended when it became known: " + report.reason() + "; its result is in doubt");
            return;
        }
        long newest = turn.history().generation();
        if (report.generation() > newest || !turn.history().group().trustsMemory(report.generation())) {
            return;
        }
        Doubt doubt = new Doubt(report.generation(), newest, report.step());
        turn.persist(new RunEvent.MemoryDoubted(turn.now, doubt, report.culprit(), report.reason()));
        discard(turn);
        turn.reachedStep = turn.history().committedStep();
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
