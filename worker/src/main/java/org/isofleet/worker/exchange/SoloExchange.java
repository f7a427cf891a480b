package org.isofleet.worker.exchange;

import java.util.function.ToDoubleFunction;
import org.isofleet.worker.engine.FlatVector;

/** A group of one: its one span is the sum, and no socket is opened. */
public final class SoloExchange implements Exchange {
    private final FlatVector gradient;
    private final ToDoubleFunction<FlatVector> norm;

    /**
     * An exchange without peers.
     *
     * @param gradient in which the member's own shards, which are all, have been summed
     * @param norm tells the norm of it
     */
    public SoloExchange(FlatVector gradient, ToDoubleFunction<FlatVector> norm) {
        this.gradient = gradient;
        this.norm = norm;
    }

    @Override
    public Reduction reduce(Contribution own) {
        if (own.losses().length != 1) {
            throw new IllegalStateException("a group of one holds one span, not " + own.losses().length);
        }
        return new Reduction(gradient, norm.applyAsDouble(gradient), own.losses()[0], own.ledger());
    }

    @Override
    public void agree(long step, long stateHash) {}

    @Override
    public void close() {}
}
