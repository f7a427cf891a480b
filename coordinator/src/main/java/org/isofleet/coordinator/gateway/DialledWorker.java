package org.isofleet.coordinator.gateway;

import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.GatewayMessage.Heartbeat;
import org.isofleet.protocol.group.GatewayMessage.RegisterWorker;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.run.WorkerStatus;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/** A worker that is registered here, as it last spoke. Belongs to the gateway's actor. */
final class DialledWorker {
    final WorkerProfile profile;
    final ActorRef<WorkerCommand> worker;
    final Heartbeats heartbeats = new Heartbeats();
    private @Nullable HeldState held;
    private @Nullable EvaluationKind evaluating;
    private double tokensPerSecond;
    private @Nullable ShardPace pace;
    private long residentBytes;
    private boolean leaving;

    DialledWorker(RegisterWorker registration) {
        profile = registration.profile();
        worker = registration.worker();
        held = registration.held();
    }

    long incarnation() {
        return profile.member().incarnation();
    }

    void heard(Heartbeat heartbeat) {
        heartbeats.beat();
        held = heartbeat.held();
        evaluating = heartbeat.evaluating();
        tokensPerSecond = heartbeat.tokensPerSecond();
        residentBytes = heartbeat.residentBytes();
        leaving = heartbeat.leaving();
        pace = ShardPace.after(pace, held == null ? null : held.runId(), heartbeat.shardSeconds());
    }

    /** How much slower it is than it could be; 0 when that is not known. */
    double stragglerScore(Collection<DialledWorker> all) {
        return pace == null
                ? 0
                : pace.score(all.stream()
                        .filter(peer ->
                                peer != this && peer.profile.kernelClasses().equals(profile.kernelClasses()))
                        .flatMap(peer -> Optional.ofNullable(peer.pace).stream())
                        .toList());
    }

    WorkerStatus status(String gateway, double stragglerScore) {
        return new WorkerStatus(profile, held, evaluating, gateway, stragglerScore, leaving);
    }

    LiveEvent seen(Instant at, double stragglerScore) {
        return new LiveEvent.WorkerSeen(
                at,
                profile.workerId(),
                profile.host(),
                profile.device(),
                profile.kernelClasses().stream().map(KernelClass::toString).collect(Collectors.joining(", ")),
                held == null ? null : held.runId(),
                doing(),
                held == null ? 0 : held.step(),
                tokensPerSecond,
                residentBytes,
                stragglerScore);
    }

    private String doing() {
        return leaving ? task() + ", leaving" : task();
    }

    private String task() {
        if (evaluating != null) {
            return "evaluating " + evaluating.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        return held != null ? "training" : "idle";
    }
}
