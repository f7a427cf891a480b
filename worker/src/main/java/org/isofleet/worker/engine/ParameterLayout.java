package org.isofleet.worker.engine;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.ModelShape;

/**
 * Where each tensor of a model lies in its flat vectors; the same for every engine, so that checkpoints can be exchanged.
 *
 * <p>Weights are stored [out][in], row-major: {@code y = W x}. Attention's query, key and value are one weight [3 width][width];
 * GEGLU's gate and value are one weight [2 hidden][width], gate first. Order: embeddings of the channels, start vector, blocks,
 * final gain, head weights, head tables.
 */
public final class ParameterLayout {
    /** How a tensor is initialised and decayed. */
    public enum Kind {
        /** Weight of a matrix product: decayed. */
        MATRIX,
        /** Row-looked-up table or the start vector: not decayed. */
        TABLE,
        /** Gain of a norm, 1 at the start: not decayed. */
        GAIN
    }

    /**
     * One tensor.
     *
     * @param name as in the checkpoint, for example {@code blocks.0.attention.qkv}
     * @param rows first dimension; 1 for vectors
     * @param columns second dimension
     * @param offset of its first element in the flat vector
     */
    public record Tensor(String name, Kind kind, int rows, int columns, long offset) {
        public long length() {
            return (long) rows * columns;
        }
    }

    private final List<Tensor> tensors;
    private final long length;

    private ParameterLayout(List<Tensor> tensors, long length) {
        this.tensors = List.copyOf(tensors);
        this.length = length;
    }

    public static ParameterLayout of(ModelShape shape) {
        Builder builder = new Builder();
        int width = shape.width();
        for (int c = 0; c < shape.channels(); c++) {
            builder.add("embedding." + c, Kind.TABLE, shape.levels(), width);
        }
        builder.add("start", Kind.TABLE, 1, width);
        for (int b = 0; b < shape.layers(); b++) {
            String block = "blocks." + b + ".";
            builder.add(block + "attention.gain", Kind.GAIN, 1, width);
            builder.add(block + "attention.qkv", Kind.MATRIX, 3 * width, width);
            builder.add(block + "attention.out", Kind.MATRIX, width, width);
            builder.add(block + "geglu.gain", Kind.GAIN, 1, width);
            builder.add(block + "geglu.in", Kind.MATRIX, 2 * shape.hidden(), width);
            builder.add(block + "geglu.out", Kind.MATRIX, width, shape.hidden());
        }
        builder.add("head.gain", Kind.GAIN, 1, width);
        for (int c = 0; c < shape.channels(); c++) {
            builder.add("head." + c, Kind.MATRIX, shape.levels(), width);
        }
        for (int c = 0; c + 1 < shape.channels(); c++) {
            builder.add("head.table." + c, Kind.TABLE, shape.levels(), width);
        }
        ParameterLayout layout = new ParameterLayout(builder.tensors, builder.offset);
        if (layout.length != shape.allParams()) {
            throw new IllegalStateException(layout.length + " laid out, " + shape.allParams() + " counted");
        }
        return layout;
    }

    public List<Tensor> tensors() {
        return tensors;
    }

    /** Elements of a flat vector. */
    public long length() {
        return length;
    }

    /** The tensor of that name. */
    public Tensor tensor(String name) {
        return tensors.stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no tensor " + name));
    }

    private static final class Builder {
        private final List<Tensor> tensors = new ArrayList<>();
        private long offset;

        void add(String name, Kind kind, int rows, int columns) {
            tensors.add(new Tensor(name, kind, rows, columns, offset));
            offset += (long) rows * columns;
        }
    }
}
