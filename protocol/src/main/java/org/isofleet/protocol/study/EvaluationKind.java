package org.isofleet.protocol.study;

/** The metrics that an evaluator computes on a finished checkpoint. */
public enum EvaluationKind {
    HELD_OUT_LOSS,
    LINEAR_PROBE,
    COMPLETIONS
}
