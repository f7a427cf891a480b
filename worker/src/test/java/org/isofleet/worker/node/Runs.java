package org.isofleet.worker.node;

import java.util.List;
import java.util.stream.Stream;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.WorkerCommand.Evaluate;
import org.isofleet.protocol.group.WorkerCommand.PrepareGroup;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;

/** Small runs for the tests of this package. */
final class Runs {
    private Runs() {}

    static RunSpec spec(long seed) {
        return new RunSpec(
                ModelShape.of(4, 1, 4, 1, 4, 1),
                new ImageSetRef("embedded:test", "0".repeat(64), 10),
                new Budget(1e6),
                10,
                4,
                2,
                OptimizerSpec.of(1e-3, 0.99),
                ScheduleSpec.cosine(1, 0.1),
                "dl4j",
                "fp32",
                seed,
                5,
                true);
    }

    static PrepareGroup prepare(RunSpec spec, long generation, Member... members) {
        return new PrepareGroup(new GroupPlan(spec, generation, List.of(members), "checkpoints"));
    }

    static Member member(String workerId, long incarnation) {
        return new Member(workerId, incarnation, new BulkAddress("127.0.0.1", 1));
    }

    static Evaluate evaluate(RunSpec spec, EvaluationKind kind) {
        return new Evaluate(
                spec,
                new CheckpointRef(spec.id(), 10, "f".repeat(64), "step-10"),
                "checkpoints",
                kind,
                EvaluationSpec.defaults());
    }

    static Stream<RunSpec> specs(int count) {
        return Stream.iterate(1L, seed -> seed + 1).limit(count).map(Runs::spec);
    }
}
