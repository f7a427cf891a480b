package org.isofleet.deploy.chaos;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.train.TrainingHost;
import org.isofleet.worker.train.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * Flips a bit of the parameters just before a gradient is computed from them, as a bad memory cell would. It waits for a group of several
 * members that train: with nobody to differ from, no check short of computing twice could see it.
 */
final class BitFlips {
    /** Bits of the mantissa that move a value by 6 to 50 %; a sign or an exponent would stand out by itself. */
    private static final int LOWEST_BIT = 19;

    private static final int BITS = 4;

    private final TraceFile trace;
    private final AtomicReference<@Nullable Long> armed = new AtomicReference<>();
    private volatile @Nullable GroupPlan plan;
    private volatile RunReport.@Nullable GroupRunning running;

    BitFlips(TraceFile trace) {
        this.trace = trace;
    }

    void arm(long key) {
        armed.set(key);
    }

    /** Engines that flip and are counted. */
    EngineFactory around(EngineFactory engines) {
        return (shape, lanes, images) -> {
            PixelEngine engine = engines.create(shape, lanes, images);
            return (PixelEngine) Proxy.newProxyInstance(
                    PixelEngine.class.getClassLoader(),
                    new Class<?>[] {PixelEngine.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("gradient")) {
                            flipIfArmed(engine.parameters());
                            trace.countGradient();
                        }
                        try {
                            return method.invoke(engine, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        };
    }

    private void flipIfArmed(FlatVector parameters) {
        RunReport.GroupRunning group = running;
        if (armed.get() == null || group == null || isAlone(group)) {
            return;
        }
        Long key = armed.getAndSet(null);
        if (key != null) {
            long at = Math.floorMod(key, parameters.length());
            int bit = LOWEST_BIT + (int) Math.floorMod(key >> 32, (long) BITS);
            parameters.set(at, Float.intBitsToFloat(Float.floatToRawIntBits(parameters.get(at)) ^ 1 << bit));
            trace.write(new Sight(
                    Sight.Kind.FLIP,
                    System.currentTimeMillis(),
                    group.runId().value(),
                    group.generation(),
                    group.step()));
        }
    }

    /** Whether it has no peer, or is about to leave the group. */
    private boolean isAlone(RunReport.GroupRunning group) {
        GroupPlan newest = plan;
        return newest == null
                || newest.members().size() == 1
                || newest.generation() != group.generation()
                || !newest.spec().id().equals(group.runId());
    }

    private void tell(Sight.Kind kind, RunId run, long generation) {
        trace.write(new Sight(kind, System.currentTimeMillis(), run.value(), generation, 0));
    }

    /** The listener, with what it hears of generations written down. */
    TrainingListener hearing(TrainingListener listener) {
        return new TrainingListener() {
            @Override
            public void report(RunReport report) {
                if (report instanceof RunReport.GroupRunning started) {
                    trace.write(new Sight(
                            Sight.Kind.START,
                            System.currentTimeMillis(),
                            started.runId().value(),
                            started.generation(),
                            started.step()));
                    running = started;
                } else if (report instanceof RunReport.GroupPrepared prepared) {
                    tell(Sight.Kind.PREPARED, prepared.runId(), prepared.generation());
                    running = null;
                } else if (report instanceof RunReport.PeerLost lost) {
                    tell(Sight.Kind.LOST, lost.runId(), lost.generation());
                    running = null;
                } else if (report instanceof RunReport.TrainingFailed
                        || report instanceof RunReport.StatesDiffer
                        || report instanceof RunReport.TrainingFinished) {
                    running = null;
                }
                listener.report(report);
            }

            @Override
            public void refused(String line) {
                listener.refused(line);
            }

            @Override
            public void steps(RunId runId, long generation, java.util.List<StepMetrics> steps, double tokensPerSecond) {
                listener.steps(runId, generation, steps, tokensPerSecond);
            }
        };
    }

    /** The host, with the newest group remembered. */
    TrainingHost knowingGroups(TrainingHost host) {
        return (TrainingHost) Proxy.newProxyInstance(
                TrainingHost.class.getClassLoader(),
                new Class<?>[] {TrainingHost.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("prepare")) {
                        GroupPlan asked = (GroupPlan) arguments[0];
                        plan = asked;
                        tell(Sight.Kind.ASKED, asked.spec().id(), asked.generation());
                    }
                    try {
                        return method.invoke(host, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
