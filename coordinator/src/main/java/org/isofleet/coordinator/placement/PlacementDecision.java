package org.isofleet.coordinator.placement;

import java.util.List;

/**
 * What comes of one input.
 *
 * @param next the state after it
 * @param effects to carry out, in order
 */
public record PlacementDecision(PlacementState next, List<PlacementEffect> effects) {
    public PlacementDecision {
        effects = List.copyOf(effects);
    }
}
