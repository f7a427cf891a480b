package org.isofleet.protocol.group;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Where the members of a new generation take their parameters from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "from")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StartPoint.Fresh.class, name = "fresh"),
    @JsonSubTypes.Type(value = StartPoint.FromMember.class, name = "member"),
    @JsonSubTypes.Type(value = StartPoint.FromCheckpoint.class, name = "checkpoint")
})
public sealed interface StartPoint {
    /** Initialise from the spec's seed: nothing has been trained yet. */
    record Fresh() implements StartPoint {}

    /** Go on from what a member holds in memory; whoever is behind copies it and verifies the hash. */
    record FromMember(String workerId, long step, long stateHash) implements StartPoint {}

    /** Read a checkpoint: no member holds state. */
    record FromCheckpoint(CheckpointRef checkpoint) implements StartPoint {}
}
