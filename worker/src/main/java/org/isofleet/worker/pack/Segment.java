package org.isofleet.worker.pack;

import java.util.List;
import org.isofleet.worker.data.ImageSet.Split;

/**
 * What came of a run of images: those that were decoded lie one after the other in a file, each at all resolutions.
 *
 * @param read images of the source
 * @param splits of the images that were decoded
 * @param labels of the same
 * @param rejects the others
 * @param enlarged images with a short side below the largest resolution
 * @param sha256 of the file
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Segment(int read, List<Split> splits, int[] labels, List<Reject> rejects, int enlarged, String sha256) {
    /** An image that was left out. */
    record Reject(String name, String reason) {}

    int images() {
        return labels.length;
    }

    boolean consistent() {
        return splits != null
                && labels != null
                && rejects != null
                && sha256 != null
                && splits.size() == labels.length
                && read == labels.length + rejects.size();
    }
}
