package org.isofleet.deploy.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.isofleet.coordinator.run.RunInput;
import org.isofleet.protocol.run.OperatorWish;
import org.jspecify.annotations.Nullable;

/**
 * Breadth first through everything that a configuration can be brought to. Each world is checked by {@link Laws} where it is made; of
 * each, a fair continuation must end the run: all that is on its way arrives, workers that were presumed dead are heard again, deadlines
 * pass, and nothing goes wrong any more.
 */
final class Search {
    /** Messages that come again and again can make generations without end; from here on only the fair continuation is followed. */
    private static final long LAST_GENERATION = 3;

    private final Cluster cluster;
    private final Map<World, World> reachedFrom = new HashMap<>();
    private final Set<World> ends = new HashSet<>();

    private Search(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What was searched. */
    record Outcome(int worlds, int fair) {}

    /** @throws AssertionError that tells the shortest way to where a law is broken */
    static Outcome through(Scenario scenario, @Nullable Guard removed, int atMost) {
        return new Search(new Cluster(scenario, removed)).run(atMost);
    }

    private Outcome run(int atMost) {
        World initial = cluster.initial();
        Deque<World> open = new ArrayDeque<>(List.of(initial));
        reachedFrom.put(initial, initial);
        while (!open.isEmpty()) {
            World world = open.remove();
            try {
                if (cluster.generation(world) <= LAST_GENERATION) {
                    Moves.of(cluster, world, (name, next) -> {
                        if (!next.equals(world) && reachedFrom.putIfAbsent(next, world) == null) {
                            open.add(next);
                        }
                    });
                }
                endsFairly(world);
            } catch (Broken e) {
                throw new AssertionError(e.getMessage() + "\n" + story(world), e);
            }
            if (reachedFrom.size() > atMost) {
                throw new AssertionError("more than " + atMost + " worlds");
            }
        }
        return new Outcome(reachedFrom.size(), ends.size());
    }

    private void endsFairly(World world) {
        Set<World> way = new LinkedHashSet<>();
        World at = world.withFaults(0).withLate(-1);
        while (!ends.contains(at) && !isOver(at)) {
            Broken.unless(way.add(at), "9: it goes on for ever");
            cluster.forgetsWords = true;
            at = fairly(at);
            cluster.forgetsWords = false;
        }
        if (cluster.scenario.hasFlips() && isOver(at)) {
            cluster.ended(at);
        }
        ends.addAll(way);
    }

    /** An end may be taken back by what is on its way, where bits flip. */
    private boolean isOver(World world) {
        return cluster.hasEnded(world) && (!cluster.scenario.hasFlips() || world.sent().length == 0);
    }

    /** After everything that can happen has happened once. */
    private World fairly(World before) {
        World world = before.withNothingSent().withPresent((1 << before.workers()) - 1);
        for (int message : before.sent()) {
            world = cluster.delivered(world, message);
        }
        if (cluster.runs.history(world.run).isPaused()) {
            world = cluster.operated(world, OperatorWish.Action.RESUME);
        }
        world = cluster.staffed(world);
        for (int i = 0; i < world.workers(); i++) {
            world = cluster.written(world, i);
            world = cluster.severed(world, i, false);
            world = cluster.advanced(world, i);
        }
        return world.equals(before) ? cluster.told(world, new RunInput.Woke()) : world;
    }

    private String story(World end) {
        List<World> way = new ArrayList<>();
        World at = end;
        World before = Objects.requireNonNull(reachedFrom.get(at));
        while (!before.equals(at)) {
            way.add(0, at);
            at = before;
            before = Objects.requireNonNull(reachedFrom.get(at));
        }
        way.add(0, at);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 1 < way.size(); i++) {
            World next = way.get(i + 1);
            String[] found = {"?"};
            BiConsumer<Object, World> look = (name, to) -> {
                if (to.equals(next)) {
                    found[0] = name instanceof Integer number
                            ? cluster.message(number).toString().replaceAll("spec=RunSpec.*?\\], (?=generation)", "")
                            : name.toString();
                }
            };
            Moves.of(cluster, way.get(i), look);
            text.append(i).append(": ").append(found[0]).append('\n');
        }
        return text.append(describe(end)).toString();
    }

    private String describe(World world) {
        return "  run %s\n  group %s\n  workers %s"
                .formatted(
                        cluster.runs.states.value(world.run).phase(),
                        cluster.runs.history(world.run).group(),
                        cluster.all(world).stream().map(Worker::describe).toList());
    }
}
