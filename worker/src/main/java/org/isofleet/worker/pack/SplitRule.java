package org.isofleet.worker.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.isofleet.protocol.study.Requirement.require;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Set;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.Sha256;

/**
 * Which split an image belongs to. What a source splits itself stays so; a split that it does not have is cut from its training images by
 * a hash of each image's name, so that an image keeps its split when others are added or the source is cut into files otherwise.
 *
 * @param own splits that the source has
 * @param validationShare of the training images, where the source has no validation images
 * @param testShare of the training images, where the source has no test images
 */
record SplitRule(Set<Split> own, double validationShare, double testShare) {
    private static final byte[] KEY = "isofleet split 1\n".getBytes(UTF_8);

    SplitRule {
        require(
                validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1,
                "the shares of validation (%s) and test (%s) must be 0 or more and leave some for training",
                validationShare,
                testShare);
        own = Set.copyOf(own);
    }

    Split of(Sample sample) {
        if (sample.split() != Split.TRAIN) {
            return sample.split();
        }
        double validation = share(Split.VALIDATION);
        double test = share(Split.TEST);
        double at = validation + test > 0 ? position(sample.name()) : 1;
        return at < validation ? Split.VALIDATION : at < validation + test ? Split.TEST : Split.TRAIN;
    }

    /** The share of the training images that is cut off for a split. */
    double share(Split split) {
        return own.contains(split) ? 0 : split == Split.VALIDATION ? validationShare : testShare;
    }

    private static double position(String name) {
        MessageDigest digest = Sha256.digest();
        digest.update(KEY);
        return (ByteBuffer.wrap(digest.digest(name.getBytes(UTF_8))).getLong() >>> 11) * 0x1.0p-53;
    }
}
