package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.exchange.SumOrder;
import org.isofleet.worker.torch.Precision;
import org.isofleet.worker.torch.TorchEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real engines in the step loop. */
final class EnginesInGroupsTest extends GroupGround {
    @Test
    void digest_ofTorch_isTheSameForOneAndTwoMembers() throws IOException {
        EngineFactory torch = TorchEngine.factory(Precision.FP32);
        RunSpec spec = SmallRuns.spec(12, 4);
        RunReport.TrainingFinished one = train(spec, worker("a", torch));
        RunReport.TrainingFinished two = train(spec, worker("b", torch), worker("c", torch));

        assertThat(two.checkpoint()).isEqualTo(one.checkpoint());
        assertThat(two.chain()).isEqualTo(one.chain());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void checkpoint_ofOneEngine_isGoneOnFromByTheOther(boolean torchFirst) throws IOException {
        List<EngineFactory> engines = List.of(Dl4jEngine.factory(), TorchEngine.factory(Precision.FP32));
        RunSpec spec = SmallRuns.spec(30, 4);
        Worker writer = worker("writer", engines.get(torchFirst ? 1 : 0));
        train(spec, writer);
        CheckpointRef ten = writer.reports.reports.stream()
                .filter(RunReport.CheckpointWritten.class::isInstance)
                .map(r -> ((RunReport.CheckpointWritten) r).checkpoint())
                .filter(checkpoint -> checkpoint.step() == 10)
                .findFirst()
                .orElseThrow();

        Worker reader = worker("reader", engines.get(torchFirst ? 0 : 1));
        begin(plan(spec, 2, reader), new StartPoint.FromCheckpoint(ten), reader);
        reader.reports.await(RunReport.TrainingFinished.class);

        assertThat(reader.reports.await(RunReport.GroupRunning.class).step()).isEqualTo(10);
        assertThat(lastLoss(reader)).isCloseTo(lastLoss(writer), within(1e-3 * lastLoss(writer)));
    }

    @Test
    void gradients_ofEngines_tellThemApart() throws IOException {
        RunSpec spec = SmallRuns.spec(12, 4);
        Worker dl4j = worker("dl4j", Dl4jEngine.factory());
        Worker torch = worker("torch", TorchEngine.factory(Precision.FP32));
        begin(plan(spec, 1, dl4j), new StartPoint.Fresh(), dl4j);
        begin(plan(spec, 1, torch), new StartPoint.Fresh(), torch);

        assertThat(torch.reports.await(RunReport.GroupPrepared.class).gradientDigest())
                .isNotEqualTo(dl4j.reports.await(RunReport.GroupPrepared.class).gradientDigest());
    }

    private Worker worker(String id, EngineFactory engines) throws IOException {
        return new Worker(id, SECRET, SumOrder.TREE, engines);
    }

    private static double lastLoss(Worker worker) {
        return worker.reports.steps.get(worker.reports.steps.size() - 1).lossNatsPerPixel();
    }
}
