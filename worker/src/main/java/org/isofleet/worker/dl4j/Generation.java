package org.isofleet.worker.dl4j;

import java.util.Arrays;
import java.util.List;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;

/**
 * Pixels one after the other, with the keys and values of earlier ones cached. Images go in groups of a fixed number of columns, so that
 * each matrix is read once for all of them: activations are [features][columns], and products have the same shape whatever the batch, lest
 * an image's bits depend on its company. Given pixels go through the blocks' own forward, all tokens at once, which leaves their keys and
 * values behind.
 */
final class Generation implements AutoCloseable {
    /** Cache of a group of images; wider groups pay little. */
    private static final long CACHE_BYTES = 64L << 20;

    private static final int MOST_COLUMNS = 32;

    /** Says what the next value is. */
    @FunctionalInterface
    interface Choice {
        /**
         * @param image in the batch
         * @param logits of the channel, one a level; may be overwritten
         */
        int choose(int image, int token, int channel, float[] logits);
    }

    private final ModelShape shape;
    private final PixelEmbeddingLayer embedding;
    private final List<DecoderBlockLayer> blocks;
    private final PixelHeadLayer head;
    private final Workspace w;
    private final Arena arena = new Arena();
    private final int columns;

    /** Keys, then values, of the images of a group: [block][column][2 width][token]. */
    private final float[][][][] cache;

    private final FlatVector residual;
    private final FlatVector normed;
    private final FlatVector qkv;
    private final FlatVector attended;
    private final FlatVector gates;
    private final FlatVector sigmoids;
    private final FlatVector gated;
    private final FlatVector logits;
    private final float[] scale;
    private final float[] scores;
    private final float[] maxima;
    private final float[] query;
    private final float[] row;

    Generation(
            ModelShape shape,
            PixelEmbeddingLayer embedding,
            List<DecoderBlockLayer> blocks,
            PixelHeadLayer head,
            Workspace w) {
        this.shape = shape;
        this.embedding = embedding;
        this.blocks = blocks;
        this.head = head;
        this.w = w;
        this.columns = columns(shape);
        int width = shape.width();
        this.cache = new float[shape.layers()][columns][2 * width][shape.tokens()];
        this.residual = arena.floats((long) width * columns);
        this.normed = arena.floats((long) width * columns);
        this.qkv = arena.floats(3L * width * columns);
        this.attended = arena.floats((long) width * columns);
        this.gates = arena.floats(2L * shape.hidden() * columns);
        this.sigmoids = arena.floats((long) shape.hidden() * columns);
        this.gated = arena.floats((long) shape.hidden() * columns);
        this.logits = arena.floats((long) shape.levels() * columns);
        this.scale = new float[columns];
        this.scores = new float[shape.tokens()];
        this.maxima = new float[shape.tokens()];
        this.query = new float[shape.headWidth()];
        this.row = new float[columns];
        for (FlatVector vector : List.of(residual, attended)) {
            vector.clear(); // columns without an image stay zero
        }
    }

    private static int columns(ModelShape shape) {
        long cacheOfImage = 2L * shape.layers() * shape.width() * shape.tokens() * Float.BYTES;
        return (int) Math.max(1, Math.min(MOST_COLUMNS, CACHE_BYTES / cacheOfImage));
    }

    /** Completes the images in place from token {@code given} on. */
    void run(PixelBatch images, int given, Choice choice) {
        for (int from = 0; from < images.images(); from += columns) {
            group(images, from, Math.min(columns, images.images() - from), given, choice);
        }
    }

    private void group(PixelBatch images, int from, int count, int given, Choice choice) {
        for (int column = 0; column < count; column++) {
            prefill(images, from + column, column, given);
        }
        for (int token = given; token < shape.tokens(); token++) {
            embed(images, from, count, token);
            for (int b = 0; b < blocks.size(); b++) {
                block(blocks.get(b), cache[b], count, token);
            }
            choosePixel(images, from, count, token, choice);
        }
    }

    /** Puts keys and values of the given tokens in the cache. */
    private void prefill(PixelBatch images, int image, int column, int given) {
        if (given == 0) {
            return;
        }
        int tokens = shape.tokens();
        w.load(images.values(), image * shape.channels() * tokens);
        for (int[] channel : w.pixels) {
            Arrays.fill(channel, given, tokens, 0); // not given yet: of any value
        }
        embedding.forward(w);
        for (int b = 0; b < blocks.size(); b++) {
            blocks.get(b).forward(w, w.slots[0]);
            float[][] rows = cache[b][column];
            for (int i = 0; i < rows.length; i++) {
                w.slots[0].qkv.read((long) (shape.width() + i) * tokens, rows[i], 0, given);
            }
        }
    }

    private void embed(PixelBatch images, int from, int count, int token) {
        int channels = shape.channels();
        int[] values = new int[channels];
        float[] x = new float[shape.width() * columns];
        for (int column = 0; column < count; column++) {
            for (int c = 0; c < channels; c++) {
                values[c] = token == 0
                        ? PixelEmbeddingLayer.START
                        : images.values()[at(from + column, c, token - 1)] & 0xff;
            }
            for (int feature = 0; feature < shape.width(); feature++) {
                x[feature * columns + column] = embedding.embed(feature, values);
            }
        }
        residual.write(0, x, 0, x.length);
    }

    private void block(DecoderBlockLayer block, float[][][] blockCache, int count, int token) {
        int width = shape.width();
        int hidden = shape.hidden();
        Gemm g = w.gemm;
        long x = residual.address(0);
        w.staging.norm(residual, width, columns, normed, scale);
        product(3 * width, width, block.qkvAddress(), normed, qkv);
        for (int column = 0; column < count; column++) {
            attend(block.rotary(), blockCache[column], column, token);
        }
        g.nn(width, columns, width, block.attentionOutAddress(), width, attended.address(0), columns, 1f, x, columns);
        w.staging.norm(residual, width, columns, normed, scale);
        product(2 * hidden, width, block.gegluInAddress(), normed, gates);
        Geglu.forward(w.staging, gates, sigmoids, gated);
        g.nn(width, columns, hidden, block.gegluOutAddress(), hidden, gated.address(0), columns, 1f, x, columns);
    }

    private void product(int rows, int inner, long weight, FlatVector in, FlatVector out) {
        w.gemm.nn(rows, columns, inner, weight, inner, in.address(0), columns, 0f, out.address(0), columns);
    }

    /** One query of one image over its cache, to which this token's key and value are added. */
    private void attend(RotaryTable rotary, float[][] rows, int column, int token) {
        int n = shape.headWidth();
        int half = n / 2;
        int width = shape.width();
        float scaled = RotaryTable.queryScale(shape);
        for (int start = 0; start < width; start += n) {
            for (int i = 0; i < half; i++) {
                float cos = rotary.cosine(i, token);
                float sin = rotary.sine(i, token);
                float a = qkvAt(start + i, column);
                float b = qkvAt(start + half + i, column);
                query[i] = (a * cos - b * sin) * scaled;
                query[half + i] = (a * sin + b * cos) * scaled;
                a = qkvAt(width + start + i, column);
                b = qkvAt(width + start + half + i, column);
                rows[start + i][token] = a * cos - b * sin;
                rows[start + half + i][token] = a * sin + b * cos;
            }
            Arrays.fill(scores, 0, token + 1, 0f);
            for (int i = 0; i < n; i++) {
                rows[width + start + i][token] = qkvAt(2 * width + start + i, column);
                Loops.addScaled(scores, rows[start + i], query[i], token + 1);
            }
            float max = scores[0];
            for (int s = 1; s <= token; s++) {
                max = Math.max(max, scores[s]);
            }
            Arrays.fill(maxima, 0, token + 1, max);
            Loops.expMinus(scores, maxima, token + 1);
            float sum = 0;
            for (int s = 0; s <= token; s++) {
                sum += scores[s];
            }
            for (int i = 0; i < n; i++) {
                float value = Loops.dot(scores, rows[width + start + i], token + 1) / sum;
                attended.set((long) (start + i) * columns + column, value);
            }
        }
    }

    private float qkvAt(int row, int column) {
        return qkv.get((long) row * columns + column);
    }

    private void choosePixel(PixelBatch images, int from, int count, int token, Choice choice) {
        w.staging.norm(residual, shape.width(), columns, normed, scale);
        for (int feature = 0; feature < shape.width(); feature++) {
            normed.read((long) feature * columns, row, 0, columns);
            Loops.scale(row, head.gain(feature), columns);
            normed.write((long) feature * columns, row, 0, columns);
        }
        float[] all = new float[shape.levels() * columns];
        float[] ofImage = new float[shape.levels()];
        for (int c = 0; c < shape.channels(); c++) {
            product(shape.levels(), shape.width(), head.weightAddress(c), normed, logits);
            logits.read(0, all, 0, all.length);
            for (int column = 0; column < count; column++) {
                for (int v = 0; v < ofImage.length; v++) {
                    ofImage[v] = all[v * columns + column];
                }
                int value = choice.choose(from + column, token, c, ofImage);
                images.values()[at(from + column, c, token)] = (byte) value;
                if (c + 1 < shape.channels()) {
                    addTable(c, value, column);
                }
            }
        }
    }

    private void addTable(int channel, int value, int column) {
        for (int feature = 0; feature < shape.width(); feature++) {
            long at = (long) feature * columns + column;
            normed.set(at, normed.get(at) + head.table(channel, feature, value));
        }
    }

    private int at(int image, int channel, int token) {
        return (image * shape.channels() + channel) * shape.tokens() + token;
    }

    @Override
    public void close() {
        arena.close();
    }
}
