package org.isofleet.coordinator.run;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport.GroupPrepared;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.GenerationCause;
import org.jspecify.annotations.Nullable;

/**
 * Whether the members of a group compute alike. A kernel class tells what a worker computes of one small model; at other shapes
 * libraries may choose other code, so each member also tells the digest of a fixed gradient at the run's shapes. The first one is journaled
 * and holds as long as there are bits that came of it; who computes another one is never in a group of this run.
 */
final class KernelRules {
    private KernelRules() {}

    /** Members, all of them prepared, that compute another gradient than the run's. */
    static List<Member> strangers(RunTurn turn, RunPhase.Preparing preparing) {
        String agreed = gradientDigest(turn, preparing);
        return agreed == null
                ? List.of()
                : turn.history().group().members().stream()
                        .filter(member -> !agreed.equals(digest(preparing, member)))
                        .toList();
    }

    /** The digest that members must have; null when any will do. Before anything is trained, it is that of most members. */
    static @Nullable String gradientDigest(RunTurn turn, RunPhase.Preparing preparing) {
        if (!turn.order().spec().exact()) {
            return null;
        }
        List<Member> members = turn.history().group().members();
        boolean trained = !turn.history().commits().isEmpty()
                || members.stream()
                        .anyMatch(member -> StartRules.held(preparing, member).isPresent());
        String pinned = turn.history().group().gradientDigest();
        if (trained && pinned != null) {
            return pinned;
        }
        Map<String, Integer> votes = new LinkedHashMap<>();
        members.forEach(member -> votes.merge(digest(preparing, member), 1, Integer::sum));
        return votes.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private static String digest(RunPhase.Preparing preparing, Member member) {
        GroupPrepared prepared = Objects.requireNonNull(preparing.prepared().get(member.workerId()));
        return prepared.gradientDigest();
    }

    /** Goes on without them. */
    static void exclude(RunTurn turn, List<Member> strangers) {
        for (Member member : strangers) {
            turn.exclude(member);
            turn.command(
                    member,
                    new WorkerCommand.ReleaseGroup(
                            turn.history().runId(), turn.history().generation()));
        }
        String who = String.join(", ", strangers.stream().map(Member::workerId).toList());
        turn.warn("worker %s computes other bits at this run's shapes and cannot train it".formatted(who));
        GroupRules.regroup(
                turn, GenerationCause.KERNELS, "worker " + who + " computes other bits at this run's shapes");
    }
}
