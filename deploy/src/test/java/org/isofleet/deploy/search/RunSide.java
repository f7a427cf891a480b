package org.isofleet.deploy.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.isofleet.coordinator.run.RunDecider;
import org.isofleet.coordinator.run.RunDecision;
import org.isofleet.coordinator.run.RunEffect;
import org.isofleet.coordinator.run.RunInput;
import org.isofleet.coordinator.run.RunState;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/**
 * The production decisions of the run. Equal states and inputs have equal decisions, so each is decided once however many worlds
 * it occurs in. Numbers that only grow are set back to zero after each decision: of a staffing it counts only whether it is newer
 * than the last and knew the last need.
 */
final class RunSide {
    /** What a decision comes to: the state after it, what it persists, and what it sends. */
    record Turn(int next, List<RunEvent> events, List<Integer> sent, boolean needChanged) {}

    private final RunDecider decider = new RunDecider("store", Scenario.PACE);
    private final @Nullable Guard removed;
    private final Interned<Message> messages;
    final Interned<RunState> states = new Interned<>();
    private final Interned<RunInput> inputs = new Interned<>();
    private final Map<Long, Turn> turns = new HashMap<>();

    RunSide(Interned<Message> messages, @Nullable Guard removed) {
        this.messages = messages;
        this.removed = removed;
    }

    RunHistory history(int state) {
        return Objects.requireNonNull(states.value(state).history());
    }

    /** A state that has just been read from the journal of another. */
    Turn restarted(@Nullable RunHistory journal) {
        return decide(states.id(RunState.recovering(journal)), new RunInput.Recovered());
    }

    Turn decide(int state, RunInput input) {
        return decide(state, number(input));
    }

    int number(RunInput input) {
        return inputs.id(input);
    }

    /** What is decided about an input with this number. */
    Turn decide(int state, int input) {
        long key = (long) state << 32 | input;
        Turn known = turns.get(key);
        if (known == null) {
            known = decided(states.value(state), inputs.value(input));
            turns.put(key, known);
        }
        return known;
    }

    private Turn decided(RunState before, RunInput input) {
        boolean passes = input instanceof RunInput.Woke;
        RunDecision decision = decider.decide(before, input, passes ? Scenario.NOW.plus(Scenario.LONG) : Scenario.NOW);
        List<RunEvent> events = new ArrayList<>(decision.events());
        RunState after = decision.next();
        if (removed != null) {
            List<RunEvent> more = Unguarded.events(removed, before, input, events);
            if (!more.equals(events)) {
                events = more;
                after = Unguarded.withHistory(after, before.history(), more);
            }
        }
        Laws.ofEvents(before.history(), events);
        boolean needChanged = after.changedNumber() != before.changedNumber();
        RunState calm = calm(after);
        if (passes) {
            calm = Shifted.later(calm);
        }
        StartPoint start =
                after.history() == null ? null : after.history().group().start();
        List<Integer> sent = decision.effects().stream()
                .filter(RunEffect.Command.class::isInstance)
                .map(RunEffect.Command.class::cast)
                // Changes nothing at the worker, and nobody waits for the answer.
                .filter(c -> !(c.command() instanceof WorkerCommand.CaptureStacks))
                .map(c -> messages.id(new Message.ToWorker(
                        Cluster.number(c.workerId()), c.incarnation(), Unguarded.command(removed, c.command(), start))))
                .toList();
        return new Turn(states.id(calm), List.copyOf(events), sent, needChanged);
    }

    private static RunState calm(RunState state) {
        Staffing said = state.staffing();
        RunNeed need = state.lastNeed();
        return new RunState(
                state.history(),
                state.phase(),
                new Staffing(said.epoch(), 0, 0, said.group(), said.evaluators(), said.present()),
                state.suspects(),
                state.setbacks(),
                state.severed(),
                null,
                null,
                state.speeds(),
                state.reachedStep(),
                state.graceUntil(),
                state.quietUntil(),
                need == null ? null : need.numbered(0),
                0,
                Scenario.NOW);
    }
}
