package org.isofleet.coordinator.study;

import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.study.RunId;

/** What a study does once the events of its decision are persisted, in order. */
public sealed interface StudyEffect {
    /** To a run; one that is known answers only when it has ended. */
    record Order(RunOrder order) implements StudyEffect {}

    /** To a run: what an operator wants of it. */
    record Operate(RunId runId, OperatorWish wish) implements StudyEffect {}

    /** To a run: it is not needed any more. */
    record Stop(RunOrder order, String reason) implements StudyEffect {}

    /** To a run: show what has happened. */
    record Show(RunId runId) implements StudyEffect {}

    /** To those who watch. */
    record Publish(LiveEvent event) implements StudyEffect {}
}
