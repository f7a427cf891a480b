package org.isofleet.protocol.group;

/** Where the members of a new generation take their parameters from. */
public sealed interface StartPoint {
    /** Initialise from the spec's seed: nothing has been trained yet. */
    record Fresh() implements StartPoint {}

    /** Go on from what a member holds in memory; whoever is behind copies it and verifies the hash. */
    record FromMember(String workerId, long step, long stateHash) implements StartPoint {}

    /** Read a checkpoint: no member holds state. */
    record FromCheckpoint(CheckpointRef checkpoint) implements StartPoint {}
}
