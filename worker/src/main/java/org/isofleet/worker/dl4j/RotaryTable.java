package org.isofleet.worker.dl4j;

import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.RotaryAngles;

/**
 * Sines and cosines of {@link RotaryAngles}, [pair][token] in tiles. Queries are scaled by {@code 1 / sqrt(headWidth)} in the same loop.
 */
final class RotaryTable {
    private final int pairs;
    private final int tokens;
    private final float[] cosines;
    private final float[] sines;
    private final float[][] keyCosines;
    private final float[][] keySines;
    private final float[][] queryCosines;
    private final float[][] querySines;

    RotaryTable(ModelShape shape) {
        this.pairs = shape.headWidth() / 2;
        this.tokens = shape.tokens();
        this.cosines = new float[pairs * tokens];
        this.sines = new float[pairs * tokens];
        for (int p = 0; p < pairs; p++) {
            for (int t = 0; t < tokens; t++) {
                double angle = RotaryAngles.of(shape, p, t);
                cosines[p * tokens + t] = (float) StrictMath.cos(angle);
                sines[p * tokens + t] = (float) StrictMath.sin(angle);
            }
        }
        float scale = queryScale(shape);
        this.keyCosines = tiles(cosines, 1f);
        this.keySines = tiles(sines, 1f);
        this.queryCosines = tiles(cosines, scale);
        this.querySines = tiles(sines, scale);
    }

    /** What scores are scaled by. */
    static float queryScale(ModelShape shape) {
        return (float) (1 / StrictMath.sqrt(shape.headWidth()));
    }

    float cosine(int pair, int token) {
        return cosines[pair * tokens + token];
    }

    float sine(int pair, int token) {
        return sines[pair * tokens + token];
    }

    /** Turns the features of one head of queries, [headWidth][tokens] from {@code at} on, and scales them. */
    void turnQueries(Staging s, FlatVector x, long at, boolean back) {
        turn(s, x, at, queryCosines, querySines, back);
    }

    /** Turns the features of one head of keys. */
    void turnKeys(Staging s, FlatVector x, long at, boolean back) {
        turn(s, x, at, keyCosines, keySines, back);
    }

    private void turn(Staging s, FlatVector x, long at, float[][] cos, float[][] sin, boolean back) {
        int half = pairs * tokens;
        for (int tile = 0; tile < cos.length; tile++) {
            int from = tile * Staging.TILE;
            int n = Math.min(Staging.TILE, half - from);
            long first = at + from;
            long second = at + half + from;
            x.read(first, s.a, 0, n);
            x.read(second, s.b, 0, n);
            if (back) {
                Loops.rotateSecond(s.c, s.b, s.a, cos[tile], sin[tile], n);
                Loops.rotateFirst(s.d, s.b, s.a, cos[tile], sin[tile], n);
            } else {
                Loops.rotateFirst(s.c, s.a, s.b, cos[tile], sin[tile], n);
                Loops.rotateSecond(s.d, s.a, s.b, cos[tile], sin[tile], n);
            }
            x.write(first, s.c, 0, n);
            x.write(second, s.d, 0, n);
        }
    }

    private static float[][] tiles(float[] values, float scale) {
        float[][] tiles = new float[(values.length + Staging.TILE - 1) / Staging.TILE][];
        for (int tile = 0; tile < tiles.length; tile++) {
            int from = tile * Staging.TILE;
            tiles[tile] = new float[Math.min(Staging.TILE, values.length - from)];
            for (int i = 0; i < tiles[tile].length; i++) {
                tiles[tile][i] = values[from + i] * scale;
            }
        }
        return tiles;
    }
}
