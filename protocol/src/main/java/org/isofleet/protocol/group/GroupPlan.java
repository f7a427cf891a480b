package org.isofleet.protocol.group;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.List;
import org.isofleet.protocol.study.RunSpec;

/**
 * Who trains a run in one generation. The virtual shards lie on the members in order, as even as can be: member i of m
 * holds shards {@code i V / m} to {@code (i + 1) V / m}.
 *
 * @param spec the run
 * @param generation grows each time the group changes; persisted before it is sent
 * @param members in order; the first one writes checkpoints, unless it cannot, and telemetry
 * @param checkpointStore folder below which the run's folder lies
 * @param audit share of steps that members compute twice, each time another one, and compare before use
 */
public record GroupPlan(RunSpec spec, long generation, List<Member> members, String checkpointStore, double audit) {
    public GroupPlan {
        members = List.copyOf(members);
        require(generation >= 1, "generations count from 1");
        require(!members.isEmpty(), "a group needs a member");
        require(
                members.size() <= spec.virtualShards(),
                "%d members cannot share %d virtual shards",
                members.size(),
                spec.virtualShards());
        require(
                members.stream().map(Member::workerId).distinct().count() == members.size(),
                "a worker may be in a group once");
        require(audit >= 0 && audit <= 1, "the audited share lies between 0 and 1");
    }

    /** A group that computes nothing twice. */
    public GroupPlan(RunSpec spec, long generation, List<Member> members, String checkpointStore) {
        this(spec, generation, members, checkpointStore, 0);
    }

    /** First shard of a member. */
    public int firstShard(int member) {
        return (int) ((long) member * spec.virtualShards() / members.size());
    }

    /** One past the last shard of a member. */
    public int endShard(int member) {
        return firstShard(member + 1);
    }

    /** Index of a worker among the members, or -1. */
    public int indexOf(String workerId) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).workerId().equals(workerId)) {
                return i;
            }
        }
        return -1;
    }
}
