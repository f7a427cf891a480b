package org.isofleet.deploy.search;

/** What may go wrong, each at most so often as a configuration allows. Messages may be lost, late, doubled and overtaken without limit. */
enum Fault {
    /** A worker's process dies and another one starts in its place. */
    CRASH,
    /** Placement takes a worker for dead; it does not know and goes on. */
    PRESUMED_DEAD,
    /** The coordinator dies and reads its journal. */
    RESTART,
    /** A deadline passes. */
    DEADLINE,
    /** A connection between two members breaks. */
    CONNECTION,
    /** A checkpoint on disk is damaged. */
    DAMAGE,
    /** All checkpoints on disk are damaged. */
    DAMAGE_ALL,
    /** A checkpoint cannot be written. */
    UNWRITTEN,
    /** A worker drops what it has and reports a failure. */
    DEFECT,
    /** A state is garbled while it is copied. */
    GARBLED_COPY,
    /** A word of placement is held back. */
    LATE_STAFFING,
    /** Placement asks for a worker back, for a run that waits. */
    ASKED_BACK,
    /** A bit of a member's state flips: before its hash is taken, after, or in its copy for a checkpoint. */
    STATE_FLIP,
    /** A bit of a member's gradient flips. */
    GRADIENT_FLIP,
    /** An operator pauses the run, and has it resumed whenever. */
    PAUSE
}
