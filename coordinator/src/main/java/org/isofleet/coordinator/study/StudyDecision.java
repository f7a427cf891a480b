package org.isofleet.coordinator.study;

import java.time.Instant;
import java.util.List;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.jspecify.annotations.Nullable;

/**
 * What comes of one input.
 *
 * @param next the history after it; null while no plan was submitted
 * @param events to persist before anything else happens
 * @param effects to carry out after that, in order
 * @param wakeAt when to decide again at the latest; null when only on an input
 */
public record StudyDecision(
        @Nullable StudyHistory next,
        List<StudyEvent> events,
        List<StudyEffect> effects,
        @Nullable Instant wakeAt) {
    public StudyDecision {
        events = List.copyOf(events);
        effects = List.copyOf(effects);
    }
}
