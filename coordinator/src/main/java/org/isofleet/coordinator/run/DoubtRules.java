package org.isofleet.coordinator.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.Culprits;
import org.isofleet.protocol.run.Doubt;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.RunOutcome;

/**
 * What follows when members came to different bits. A wrong gradient is summed into every member before the hashes differ, so nobody's
 * memory counts any more, whoever it was: all go back to the last checkpoint, which all had agreed on. Who computed wrongly, if that
 * can be told, is left out for a time that doubles.
 *
 * <p>Of two members nobody is named, and a bit may flip once in any machine: both go on at once, and neither is left out, for then the other
 * would train with nobody to differ from. It is no failure of the run. A machine that computes wrongly again and again is another
 * matter: when members have differed {@link RunPace#differencesUnaudited} times and not agreed on a checkpoint since, every step is computed
 * twice until they do, and who contradicts itself is named ({@code workers.audit}). After {@link RunPace#differencesAtMost} times the run is
 * parked: had it but an even chance to reach its next checkpoint, so many in a row would be one case in 65,536.
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
            goOn(turn, report);
        }
    }

    /** From the checkpoint, at once and with all but the culprit: the run itself has not failed. */
    private static void goOn(RunTurn turn, RunReport.StatesDiffer report) {
        int differences = turn.history().group().differences();
        if (differences >= turn.pace.differencesAtMost()) {
            turn.settle(
                    RunOutcome.PARKED,
                    ("members came to different bits %d times after step %d, each time before a checkpoint that they agreed on;"
                                    + " a machine computes wrongly: %s")
                            .formatted(differences, turn.history().committedStep(), report.reason()));
            return;
        }
        Optional<Member> culprit = turn.history().group().members().stream()
                .filter(m -> m.workerId().equals(report.culprit()))
                .findFirst();
        if (culprit.isPresent() && turn.history().group().members().size() == 1) {
            // A process that is alone has nobody to go on without it.
            ReportRules.attemptFailed(turn, report.workerId(), report.reason());
            return;
        }
        culprit.ifPresent(member -> takeOut(turn, member));
        GroupRules.regroup(turn, GenerationCause.DIFFERED, report.reason());
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
        turn.avoid(culprit, turn.now);
        Setback setback = Objects.requireNonNull(turn.setbacks.get(RunTurn.holding(culprit)));
        turn.suspect(culprit, setback.until());
        turn.staffing = turn.staffing.withoutMember(culprit.workerId());
        turn.release(List.of(culprit));
    }
}
