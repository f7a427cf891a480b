package org.isofleet.worker.exchange;

import org.isofleet.worker.engine.FlatVector;

/** A group of one: its one span is the sum, and no socket is opened. */
public final class SoloExchange implements Exchange {
    private final FlatVector gradient;

    /** @param gradient in which the member's own shards, which are all, have been summed */
    public SoloExchange(FlatVector gradient) {
        this.gradient = gradient;
    }

    @Override
    public Reduction reduce(Contribution own) {
        if (own.losses().length != 1) {
            throw new IllegalStateException("a group of one holds one span, not " + own.losses().length);
        }
        return new Reduction(gradient, own.losses()[0], own.ledger());
    }

    @Override
    public void close() {}
}
