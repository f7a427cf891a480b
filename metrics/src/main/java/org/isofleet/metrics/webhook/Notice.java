package org.isofleet.metrics.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LiveEvent.StudyFinished;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.webhook.Webhook.Occasion;
import org.isofleet.protocol.study.StudyPlan;

/**
 * What is told of one event.
 *
 * @param id the same whenever the event is told of, also after a restart: who gets a notice twice knows it by that
 * @param body JSON
 */
record Notice(String id, Occasion occasion, String body) {
    /** The notice of an event; empty when it is not worth one. */
    static Optional<Notice> of(StudyView view, LiveEvent event) {
        Optional<StudyPlan> plan = view.plan();
        if (plan.isEmpty()) {
            return Optional.empty();
        } else if (event instanceof RunChanged change && change.state() == RunState.PARKED) {
            return view.run(change.runId())
                    .map(run -> notice(
                            Occasion.RUN_FAILED,
                            change.runId() + " " + change.at(),
                            change.at(),
                            plan.get(),
                            Map.of("run", failed(run, change))));
        } else if (event instanceof StudyFinished end) {
            return Optional.of(notice(
                    Occasion.STUDY_FINISHED,
                    end.done() + " " + end.parked(),
                    end.at(),
                    plan.get(),
                    Map.of("result", Map.of("done", end.done(), "parked", end.parked(), "seconds", end.seconds()))));
        }
        return Optional.empty();
    }

    private static Map<String, Object> failed(RunView run, RunChanged change) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", run.id().value());
        told.put("name", Narrative.name(run));
        told.put("reason", change.reason() == null ? "" : change.reason());
        told.put("generation", change.generation());
        told.put("restarts", change.restarts());
        told.put("step", run.trace().step());
        told.put("steps", run.spec().steps());
        return told;
    }

    private static Notice notice(
            Occasion occasion, String identity, Instant at, StudyPlan plan, Map<String, Object> more) {
        String id = Webhook.digest(plan.studyId() + " " + occasion.word() + " " + identity);
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("schema", "webhook/1");
        told.put("id", id);
        told.put("event", occasion.word());
        told.put("at", at);
        told.put("study", Map.of("id", plan.studyId(), "name", plan.name()));
        told.putAll(more);
        try {
            return new Notice(id, occasion, LiveJson.mapper().writeValueAsString(told));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a notice has no JSON form", e);
        }
    }
}
