package org.isofleet.protocol.group;

/**
 * A step that could not be made, because its loss or gradient is no number or its loss has exploded.
 *
 * @param step the step, from 1
 * @param digest of the state that it was computed from, of its loss and of its gradient's norm, so that two workers that compute
 *     alike give the same
 */
public record Divergence(long step, String digest) {
    /**
     * Of what was computed.
     *
     * @param stateHash of the state after the step before
     */
    public static Divergence of(long step, long stateHash, double loss, double gradientNorm) {
        return new Divergence(
                step,
                "%016x-%016x-%016x"
                        .formatted(stateHash, Double.doubleToLongBits(loss), Double.doubleToLongBits(gradientNorm)));
    }
}
