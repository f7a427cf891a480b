package org.isofleet.coordinator.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.isofleet.protocol.study.ModelSize;

/**
 * The sizes that ranges are filled with: from about a thousand parameters to the 449M of the paper's largest model (446.8M in
 * matrix products, 448.3M in all, at three channels of 256 levels).
 *
 * <p>The paper states no table, so this one is our choice. Depth grows more slowly than width, and width / depth rises from 8 through
 * 32 to about 40-50: loss is flat in that ratio over a wide range (Kaplan 2020, arXiv 2001.08361, figure 5), and below width 32 two blocks are
 * the least that compose. Neighbours are at most a factor of 1.8 apart in N at three channels of 16 levels or more, and of 2 at any, so that any budget finds five sizes around its optimum. Depth 1
 * is there only for the very smallest.
 *
 * <p>Heads: the widest even split of at most 16 features up to width 32, 32 up to width 128, 64 above, where 64 is usual for
 * Transformers (Vaswani 2017).
 */
public final class ModelFamily {
    private static final int[][] LAYERS_AND_WIDTH = {
        {1, 6},
        {1, 8},
        {2, 8},
        {2, 10},
        {2, 12},
        {2, 16},
        {2, 20},
        {2, 24},
        {2, 28},
        {2, 32},
        {2, 40},
        {2, 48},
        {3, 48},
        {3, 56},
        {3, 64},
        {3, 80},
        {4, 80},
        {4, 96},
        {4, 112},
        {4, 128},
        {5, 144},
        {5, 160},
        {5, 192},
        {6, 224},
        {6, 256},
        {7, 288},
        {8, 320},
        {9, 384},
        {10, 448},
        {12, 512},
        {13, 576},
        {14, 640},
        {16, 704},
        {18, 768},
        {20, 896},
        {22, 960},
        {24, 1024},
        {28, 1152}
    };

    private ModelFamily() {}

    /** All sizes, from the smallest on. */
    public static List<ModelSize> sizes() {
        List<ModelSize> sizes = new ArrayList<>();
        for (int[] each : LAYERS_AND_WIDTH) {
            sizes.add(size(each[0], each[1]));
        }
        return List.copyOf(sizes);
    }

    /** A size with the family's heads. */
    public static ModelSize size(int layers, int width) {
        return new ModelSize(layers, width, heads(width));
    }

    /** Heads of a width; 1 when it cannot be split as the rule wants. */
    static int heads(int width) {
        int widest = width <= 32 ? 16 : width <= 128 ? 32 : 64;
        return IntStream.rangeClosed(1, width)
                .filter(heads -> width % heads == 0 && width / heads % 2 == 0 && width / heads <= widest)
                .findFirst()
                .orElse(1);
    }
}
