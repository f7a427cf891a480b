package org.isofleet.worker.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;

/**
 * The model's tensors as one lane differentiates by them: leaves that are views of the engine's flat parameters, so that nothing is
 * copied when these change. Each lane has leaves of its own, for a leaf holds its gradient. Queries and keys are one leaf and values
 * another, since only the former are turned.
 */
final class LaneParameters implements AutoCloseable {
    /** Views of gradient vectors that are kept; a step uses a few vectors over and over. */
    private static final int MOST_VIEWS = 64;

    /** Weights of a block. */
    record Block(
            Tensor attentionGain,
            Tensor queryKey,
            Tensor value,
            Tensor out,
            Tensor gegluGain,
            Tensor in,
            Tensor down) {}

    private record Slice(long offset, long rows, long columns) {}

    private final long length;
    private final List<Slice> slices = new ArrayList<>();
    private final List<Tensor> leaves = new ArrayList<>();
    private final Map<Long, List<Tensor>> gradients = new LinkedHashMap<>();
    private final Tensor flat;

    final Tensor[] embeddings;
    final Tensor start;
    final List<Block> blocks = new ArrayList<>();
    final Tensor headGain;
    final Tensor[] heads;
    final Tensor[] headTables;

    LaneParameters(ModelShape shape, ParameterLayout layout, FlatVector parameters) {
        length = layout.length();
        flat = flat(parameters);
        embeddings = new Tensor[shape.channels()];
        heads = new Tensor[shape.channels()];
        headTables = new Tensor[shape.channels() - 1];
        for (int c = 0; c < embeddings.length; c++) {
            embeddings[c] = leaf(layout.tensor("embedding." + c));
        }
        start = leaf(layout.tensor("start"));
        for (int b = 0; b < shape.layers(); b++) {
            String name = "blocks." + b + ".";
            ParameterLayout.Tensor qkv = layout.tensor(name + "attention.qkv");
            long width = shape.width();
            blocks.add(new Block(
                    leaf(layout.tensor(name + "attention.gain")),
                    leaf(new Slice(qkv.offset(), 2 * width, width)),
                    leaf(new Slice(qkv.offset() + 2 * width * width, width, width)),
                    leaf(layout.tensor(name + "attention.out")),
                    leaf(layout.tensor(name + "geglu.gain")),
                    leaf(layout.tensor(name + "geglu.in")),
                    leaf(layout.tensor(name + "geglu.out"))));
        }
        headGain = leaf(layout.tensor("head.gain"));
        for (int c = 0; c < heads.length; c++) {
            heads[c] = leaf(layout.tensor("head." + c));
        }
        for (int c = 0; c < headTables.length; c++) {
            headTables[c] = leaf(layout.tensor("head.table." + c));
        }
    }

    private Tensor leaf(ParameterLayout.Tensor tensor) {
        return leaf(new Slice(tensor.offset(), tensor.rows(), tensor.columns()));
    }

    private Tensor leaf(Slice slice) {
        try (Tensor view = view(flat, slice)) {
            Tensor leaf = view.detach();
            leaf.requires_grad_(true);
            slices.add(slice);
            leaves.add(leaf);
            return leaf;
        }
    }

    private static Tensor flat(FlatVector vector) {
        return torch.from_blob(vector.pointer(), vector.length());
    }

    private static Tensor view(Tensor flat, Slice slice) {
        try (Tensor part = flat.narrow(0, slice.offset, slice.rows * slice.columns)) {
            return part.view(slice.rows, slice.columns);
        }
    }

    /** Has the next backward pass add its gradient to this vector. */
    void collectIn(FlatVector gradient) {
        if (gradient.length() != length) {
            throw new IllegalArgumentException(gradient.length() + " floats for a gradient of " + length);
        }
        long address = gradient.address(0);
        List<Tensor> views = gradients.get(address);
        if (views == null) {
            if (gradients.size() == MOST_VIEWS) {
                forgetGradients();
            }
            views = views(gradient);
            gradients.put(address, views);
        }
        for (int i = 0; i < leaves.size(); i++) {
            leaves.get(i).mutable_grad().put(views.get(i));
        }
    }

    private List<Tensor> views(FlatVector gradient) {
        List<Tensor> views = new ArrayList<>();
        try (Tensor whole = flat(gradient)) {
            for (Slice slice : slices) {
                views.add(view(whole, slice));
            }
        }
        return views;
    }

    private void forgetGradients() {
        gradients.values().forEach(views -> views.forEach(Tensor::close));
        gradients.clear();
    }

    @Override
    public void close() {
        forgetGradients();
        leaves.forEach(Tensor::close);
        flat.close();
    }
}
