package org.isofleet.worker.pack;

import java.util.List;
import org.isofleet.worker.data.PackedFolder;

/**
 * What was packed.
 *
 * @param format of the source
 * @param read images of the source
 * @param rejected of them, listed in {@value #REJECTED} of the folder
 * @param enlarged images whose short side was below the largest resolution
 * @param sets one a resolution
 */
public record PackingReport(String format, long read, long rejected, long enlarged, List<PackedFolder.Contents> sets) {
    /** The list of rejected images, when there are any: name, tab, reason. */
    public static final String REJECTED = "rejected.tsv";

    public PackingReport {
        sets = List.copyOf(sets);
    }
}
