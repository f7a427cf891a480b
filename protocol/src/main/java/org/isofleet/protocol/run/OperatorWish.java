package org.isofleet.protocol.run;

import org.isofleet.protocol.wire.WireMessage;

/**
 * What an operator wants of a run. A study keeps the newest and says it again with each of its orders, so none is lost; a run heeds each number once.
 *
 * @param number grows from wish to wish of a study
 * @param by who wants it, for people
 */
public record OperatorWish(long number, Action action, String by) implements WireMessage {
    /** What can be wanted. */
    public enum Action {
        /** Give its workers back after the newest committed checkpoint, and take none. */
        PAUSE("paused"),
        /** Go on. */
        RESUME("resumed"),
        /** Of a run that was parked: begin once more, at its checkpoint. */
        RETRY("tried again"),
        /** Park it. */
        CANCEL("cancelled");

        private final String done;

        Action(String done) {
            this.done = done;
        }

        /** What was done, for people. */
        public String done() {
            return done;
        }
    }

    /** As a reason. */
    public String words() {
        return action.done + " by " + by;
    }
}
