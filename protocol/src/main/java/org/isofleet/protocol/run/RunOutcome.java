package org.isofleet.protocol.run;

/** How a run ended. */
public enum RunOutcome {
    /** Trained and evaluated; an evaluation that was given up is named in the reason. */
    DONE,
    /** Given up; the study goes on without it. */
    PARKED,
    /** The study did not need it any more. */
    STOPPED
}
