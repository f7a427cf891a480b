package org.isofleet.worker.dl4j;

import org.isofleet.worker.engine.FlatVector;

/**
 * A lookup table turned to [feature][entry]: looking up one feature for all tokens then reads a row of a few hundred floats, which
 * stays in the first-level cache, and writes tokens one after the other.
 */
final class FeatureTable {
    private final float[][] rows;
    private final int entries;
    private final int width;
    private final long at;

    /**
     * @param at offset of the table, [entries][width], in the layer's parameters
     */
    FeatureTable(int entries, int width, long at) {
        this.rows = new float[width][entries];
        this.entries = entries;
        this.width = width;
        this.at = at;
    }

    /** Values of one feature. */
    float[] row(int feature) {
        return rows[feature];
    }

    /** Takes the parameters as they are now. */
    void read(FlatVector parameters) {
        float[] entry = new float[width];
        for (int e = 0; e < entries; e++) {
            parameters.read(at + (long) e * width, entry, 0, width);
            for (int f = 0; f < width; f++) {
                rows[f][e] = entry[f];
            }
        }
    }

    /** Writes a gradient [feature][entry] where the table's belongs. */
    void write(float[][] turned, Staging s, FlatVector gradient, long offset) {
        for (int from = 0; from < width; from += Staging.TILE) {
            int n = Math.min(Staging.TILE, width - from);
            for (int e = 0; e < entries; e++) {
                for (int f = 0; f < n; f++) {
                    s.a[f] = turned[from + f][e];
                }
                gradient.write(offset + at + (long) e * width + from, s.a, 0, n);
            }
        }
    }
}
