package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * Which images a run is trained on: a name that workers can open, and the digest that proves they opened the same.
 *
 * @param location {@code embedded:noto} or the path of a folder of packed shards
 * @param sha256 digest of the image set at the run's resolution, 64 hexadecimal digits
 * @param trainImages images of the training split, n of the sample order
 */
public record ImageSetRef(String location, String sha256, long trainImages) {
    /** Begins the location of a set that the program holds. */
    public static final String EMBEDDED = "embedded:";

    public ImageSetRef {
        require(!location.isBlank(), "the location of the images must not be empty");
        require(
                sha256.matches("[0-9a-f]{64}"),
                "an image set needs a SHA-256 of 64 hexadecimal digits, not '%s'",
                sha256);
        require(trainImages >= 1, "an image set needs at least one training image");
    }

    /** The same for a folder of packed shards wherever it lies: the digest says which set it is. */
    ImageSetRef wherever() {
        return location.startsWith(EMBEDDED) ? this : new ImageSetRef("packed", sha256, trainImages);
    }
}
