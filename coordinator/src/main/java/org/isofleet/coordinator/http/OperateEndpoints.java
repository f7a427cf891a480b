package org.isofleet.coordinator.http;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.run.OperatorWish.Action;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** What can be changed: a run, or all of the study that it can concern. */
final class OperateEndpoints {
    private final LiveModel model;
    private final Operator operator;

    OperateEndpoints(LiveModel model, Operator operator) {
        this.model = model;
        this.operator = operator;
    }

    List<Endpoint> all() {
        List<Endpoint> all = new ArrayList<>();
        for (Action action : Action.values()) {
            String word = word(action);
            all.add(new Endpoint("POST", "/api/v1/study/" + word, Role.OPERATE, q -> operate(q, action, null)));
            all.add(new Endpoint(
                    "POST", "/api/v1/runs/{run}/" + word, Role.OPERATE, q -> operate(q, action, ReadEndpoints.id(q))));
        }
        return all;
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private CompletionStage<HttpResponse> operate(Endpoint.Question question, Action action, @Nullable RunId runId) {
        StudyView view = model.view();
        String studyId =
                view.plan().map(plan -> plan.studyId()).orElseThrow(() -> Refused.conflict("no study has begun yet"));
        if (view.finished() != null) {
            throw Refused.conflict("the study is finished; a new one begins in another folder");
        }
        if (runId == null) {
            requireSome(view, action);
        } else {
            requireFits(view.run(runId).orElseThrow(() -> ReadEndpoints.unknown(question)), action);
        }
        return operator.operate(studyId, action, runId, question.caller().words())
                .thenApply(runs -> {
                    if (runs == 0) {
                        throw Refused.conflict("nothing is there to " + word(action) + " any more");
                    }
                    return Replies.json(
                                    Map.of("schema", "operated/1", "action", word(action), "runs", runs),
                                    question.gzip())
                            .withStatus(StatusCodes.ACCEPTED);
                });
    }

    private static Set<RunState> from(Action action) {
        return switch (action) {
            case PAUSE -> EnumSet.of(RunState.WAITING, RunState.FORMING, RunState.TRAINING, RunState.RETRYING);
            case RESUME -> EnumSet.of(RunState.PAUSED);
            case RETRY -> EnumSet.of(RunState.PARKED);
            case CANCEL -> EnumSet.complementOf(EnumSet.of(RunState.DONE, RunState.PARKED));
        };
    }

    private static void requireFits(RunView run, Action action) {
        if (!from(action).contains(run.state())) {
            throw Refused.conflict("a run that is " + StudyAnswer.name(run.state()) + " cannot be " + action.done());
        }
    }

    private static void requireSome(StudyView view, Action action) {
        if (view.runs().stream().noneMatch(run -> from(action).contains(run.state()))) {
            throw Refused.conflict("the study has no run that can be " + action.done());
        }
    }
}
