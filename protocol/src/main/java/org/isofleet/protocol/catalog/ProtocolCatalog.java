package org.isofleet.protocol.catalog;

import java.util.List;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.PlacementCommand;
import org.isofleet.protocol.run.RunCommand;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.run.StudyCommand;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.run.WorkerStatus;
import org.isofleet.protocol.study.AdaptivePlan;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.FeatureRef;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.LeftOutCell;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.ProbeProtocol;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.WorkerMemory;
import org.isofleet.protocol.wire.WireCatalog;

/** The classes that coordinators and workers, and coordinators among themselves, exchange. */
public final class ProtocolCatalog implements WireCatalog {
    @Override
    public int firstId() {
        return BLOCK;
    }

    @Override
    public List<Class<?>> classes() {
        return List.of(
                RunId.class,
                ModelShape.class,
                ImageSetRef.class,
                Budget.class,
                OptimizerSpec.class,
                ScheduleSpec.Shape.class,
                ScheduleSpec.class,
                RunSpec.class,
                RunPolicy.class,
                PlannedRun.class,
                LeftOutCell.class,
                StudyPlan.class,
                EvaluationKind.class,
                EvaluationSpec.class,
                EvaluationResult.HeldOutLoss.class,
                EvaluationResult.LayerAccuracy.class,
                EvaluationResult.LinearProbe.class,
                EvaluationResult.CompletionDistance.class,
                StepMetrics.class,
                BulkAddress.class,
                Depot.class,
                Member.class,
                KernelClass.class,
                WorkerProfile.class,
                HeldState.class,
                GroupPlan.class,
                CheckpointRef.class,
                StartPoint.Fresh.class,
                StartPoint.FromMember.class,
                StartPoint.FromCheckpoint.class,
                RunReport.GroupPrepared.class,
                RunReport.GroupRunning.class,
                RunReport.CheckpointWritten.class,
                RunReport.CheckpointFailed.class,
                RunReport.TrainingFinished.class,
                RunReport.PeerLost.class,
                RunReport.TrainingFailed.class,
                RunReport.StatesDiffer.class,
                RunReport.CheckpointUnreadable.class,
                RunReport.EvaluationFinished.class,
                RunReport.EvaluationFailed.class,
                GatewayMessage.RegisterWorker.class,
                GatewayMessage.Heartbeat.class,
                GatewayMessage.NumberedReport.class,
                GatewayMessage.Telemetry.class,
                GatewayMessage.Goodbye.class,
                GatewayMessage.DismissWorkers.class,
                GatewayMessage.Wake.class,
                WorkerCommand.Welcome.class,
                WorkerCommand.RegisterAgain.class,
                WorkerCommand.PrepareGroup.class,
                WorkerCommand.StartGroup.class,
                WorkerCommand.ReleaseGroup.class,
                WorkerCommand.WriteCheckpoint.class,
                WorkerCommand.CollectCheckpoints.class,
                WorkerCommand.Evaluate.class,
                WorkerCommand.ReportAcknowledged.class,
                WorkerCommand.Shutdown.class,
                WorkerStatus.class,
                RunOutcome.class,
                RunOrder.class,
                Staffing.Seat.class,
                Staffing.class,
                Growth.class,
                WorkerMemory.class,
                RunNeed.Holding.class,
                RunNeed.Evaluation.class,
                RunNeed.class,
                RunCommand.Order.class,
                RunCommand.Staff.class,
                RunCommand.Report.class,
                RunCommand.Wake.class,
                PlacementCommand.WorkerSeen.class,
                PlacementCommand.WorkerGone.class,
                PlacementCommand.Need.class,
                PlacementCommand.Wake.class,
                StudyOutcome.Run.class,
                StudyOutcome.class,
                StudyCommand.Submit.class,
                StudyCommand.Accepted.class,
                StudyCommand.RunEnded.class,
                StudyCommand.Inquire.class,
                StudyCommand.Inquired.class,
                StudyCommand.Wake.class,
                Divergence.class,
                WorkerCommand.CaptureStacks.class,
                GatewayMessage.StacksCaptured.class,
                GatewayMessage.StrangerRefused.class,
                StudyCommand.Show.class,
                StudyCommand.RunReopened.class,
                RunCommand.Show.class,
                RunCommand.StoreRead.class,
                WorkerCommand.FollowGroup.class,
                RunReport.FollowingFailed.class,
                OperatorWish.class,
                OperatorWish.Action.class,
                RunCommand.Operate.class,
                StudyCommand.Operate.class,
                StudyCommand.Operated.class,
                AdaptivePlan.class,
                RunCommand.Stop.class,
                ProbeProtocol.class,
                DistanceProtocol.class,
                FeatureRef.class,
                EvaluationProtocol.class);
    }
}
