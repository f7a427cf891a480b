package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * The network whose features a Fréchet distance is measured on.
 *
 * @param card path of the card that describes it; {@value #EMBEDDED_CARD} for the one that comes with the program
 * @param sha256 digest of the network's file, 64 hexadecimal digits; empty while nobody has opened it, and for the embedded one
 * @param treatment what the card has done to images and outputs, as one line; empty as the digest is
 */
public record FeatureRef(String card, String sha256, String treatment) {
    /** What a study file calls the network that comes with the program. */
    public static final String EMBEDDED_CARD = "embedded";

    /** The network that comes with the program. */
    public static final FeatureRef EMBEDDED = new FeatureRef(EMBEDDED_CARD, "", "");

    public FeatureRef {
        require(!card.isBlank(), "features must be embedded or the path of a card");
        require(
                sha256.isEmpty() || sha256.matches("[0-9a-f]{64}"),
                "a feature network needs a SHA-256 of 64 hexadecimal digits, not '%s'",
                sha256);
    }

    /** A card that nobody has opened yet. */
    public static FeatureRef unopened(String card) {
        return new FeatureRef(card, "", "");
    }

    public boolean embedded() {
        return card.equals(EMBEDDED_CARD);
    }

    /** The same wherever the card lies: the digest says which network it is. */
    FeatureRef wherever() {
        return embedded() ? this : new FeatureRef("card", sha256, treatment);
    }
}
