package org.isofleet.worker.dl4j;

import org.isofleet.worker.engine.FlatVector;

/** The gated product {@code gelu(gate) value} (Shazeer 2020, arXiv 2002.05202), gates and values one after the other. */
final class Geglu {
    private Geglu() {}

    /** {@code gated = gate sigmoid value}; keeps the sigmoids for the way back. */
    static void forward(Staging s, FlatVector gates, FlatVector sigmoids, FlatVector gated) {
        long half = gated.length();
        for (long at = 0; at < half; at += Staging.TILE) {
            int n = (int) Math.min(Staging.TILE, half - at);
            gates.read(at, s.a, 0, n);
            gates.read(half + at, s.b, 0, n);
            Loops.geluExponential(s.c, s.a, n);
            Loops.sigmoidOfExponential(s.c, n);
            Loops.geglu(s.d, s.a, s.c, s.b, n);
            sigmoids.write(at, s.c, 0, n);
            gated.write(at, s.d, 0, n);
        }
    }

    /** From the gradient of the product to those of gates and values. */
    static void backward(Staging s, FlatVector gates, FlatVector sigmoids, FlatVector dGated, FlatVector dGates) {
        long half = dGated.length();
        for (long at = 0; at < half; at += Staging.TILE) {
            int n = (int) Math.min(Staging.TILE, half - at);
            gates.read(at, s.a, 0, n);
            gates.read(half + at, s.b, 0, n);
            sigmoids.read(at, s.c, 0, n);
            dGated.read(at, s.d, 0, n);
            Loops.geglu(s.e, s.a, s.c, s.d, n);
            Loops.gateGradient(s.b, s.d, s.a, s.c, n);
            dGates.write(half + at, s.e, 0, n);
            dGates.write(at, s.b, 0, n);
        }
    }
}
