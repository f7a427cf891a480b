package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * What a worker computes with.
 *
 * @param engine {@code dl4j} or {@code torch}
 * @param precision of products: {@code fp32}, or {@code bf16}, which only torch has
 */
public record EngineChoice(String engine, String precision) {
    /** Lets {@link #of} choose. */
    public static final String AUTO = "auto";

    /** What is faster on CPUs, and needs nothing of a machine. */
    public static final EngineChoice DEFAULT = new EngineChoice("dl4j", "fp32");

    public EngineChoice {
        require(
                engine.equals("dl4j") || engine.equals("torch"),
                "engine must be auto, dl4j or torch, not '%s'",
                engine);
        require(
                precision.equals("fp32") || precision.equals("bf16"),
                "precision must be fp32 or bf16, not '%s'",
                precision);
        require(
                engine.equals("torch") || precision.equals("fp32"),
                "engine: dl4j computes in fp32 only; set engine = torch, or auto, for %s",
                precision);
    }

    /**
     * An engine by its name or, for {@link #AUTO}, by a rule that does not ask the machine, lest one study file mean different runs on
     * different machines: dl4j, which is the faster one on CPUs, where it has the precision.
     */
    public static EngineChoice of(String engine, String precision) {
        if (!engine.equals(AUTO)) {
            return new EngineChoice(engine, precision);
        }
        return new EngineChoice(precision.equals("bf16") ? "torch" : "dl4j", precision);
    }

    /** What a run was planned for. */
    public static EngineChoice of(RunSpec spec) {
        return new EngineChoice(spec.engine(), spec.precision());
    }

    @Override
    public String toString() {
        return engine + " in " + precision;
    }
}
