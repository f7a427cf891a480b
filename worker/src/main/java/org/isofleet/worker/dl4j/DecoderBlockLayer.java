package org.isofleet.worker.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.isofleet.worker.dl4j.Workspace.Slot;
import org.isofleet.worker.engine.FlatVector;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The kernels of {@link DecoderBlock}. Activations are [features][tokens], so that nearly every reduction is elementwise over contiguous
 * tokens and no product needs a transposed copy; the residual stream is added to in place, by products with beta = 1; norm gains are
 * folded into the weights that follow.
 *
 * <pre>
 *     n = norm(x);  qkv = Wqkv n;  o = attention(qkv);  x += Wout o
 *     n = norm(x);  (g, v) = Win n;  m = gelu(g) v;     x += Wout m
 * </pre>
 *
 * GELU is the tanh form (Hendrycks and Gimpel 2016, arXiv 1606.08415).
 */
final class DecoderBlockLayer extends PixelKernelLayer<DecoderBlock> {
    private static final long serialVersionUID = 1L;

    private final int width;
    private final int hidden;
    private final int tokens;
    private final transient CausalAttention attention;
    private final transient GainFold qkv;
    private final transient GainFold gegluIn;
    private final long attentionOutAt;
    private final long qkvAt;
    private final long gegluInAt;
    private final long gegluOutAt;

    DecoderBlockLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        this.width = shape.width();
        this.hidden = shape.hidden();
        this.tokens = shape.tokens();
        this.attention = new CausalAttention(shape);
        this.qkvAt = at("blocks.0.attention.qkv");
        this.attentionOutAt = at("blocks.0.attention.out");
        this.gegluInAt = at("blocks.0.geglu.in");
        this.gegluOutAt = at("blocks.0.geglu.out");
        this.qkv = new GainFold(arena, 3 * width, width, at("blocks.0.attention.gain"), qkvAt);
        this.gegluIn = new GainFold(arena, 2 * hidden, width, at("blocks.0.geglu.gain"), gegluInAt);
    }

    @Override
    void refresh(Staging staging) {
        qkv.fold(staging, parameters());
        gegluIn.fold(staging, parameters());
    }

    RotaryTable rotary() {
        return attention.rotary();
    }

    /** Address of queries', keys' and values' weight with the gain in it, [3 width][width]. */
    long qkvAddress() {
        return qkv.address();
    }

    long attentionOutAddress() {
        return parameters().address(attentionOutAt);
    }

    /** Address of gates' and values' weight with the gain in it, [2 hidden][width]. */
    long gegluInAddress() {
        return gegluIn.address();
    }

    long gegluOutAddress() {
        return parameters().address(gegluOutAt);
    }

    /** Adds the block to the workspace's residual stream. */
    void forward(Workspace w, Slot slot) {
        Gemm g = w.gemm;
        long x = w.residual.address(0);
        w.staging.norm(w.residual, width, tokens, slot.attentionNormed, slot.attentionScale);
        g.nn(
                3 * width,
                tokens,
                width,
                qkvAddress(),
                width,
                slot.attentionNormed.address(0),
                tokens,
                0f,
                slot.qkv.address(0),
                tokens);
        attention.forward(w, slot);
        g.nn(width, tokens, width, attentionOutAddress(), width, slot.attended.address(0), tokens, 1f, x, tokens);

        w.staging.norm(w.residual, width, tokens, slot.gegluNormed, slot.gegluScale);
        g.nn(
                2 * hidden,
                tokens,
                width,
                gegluInAddress(),
                width,
                slot.gegluNormed.address(0),
                tokens,
                0f,
                slot.gates.address(0),
                tokens);
        Geglu.forward(w.staging, slot.gates, slot.sigmoids, slot.gated);
        g.nn(width, tokens, hidden, gegluOutAddress(), hidden, slot.gated.address(0), tokens, 1f, x, tokens);
    }

    /**
     * Turns the gradient of the residual stream after the block into that before it.
     *
     * @param gradient receives those of the weights, from {@code offset} on
     * @param first whether they are overwritten rather than added to
     */
    void backward(Workspace w, Slot slot, FlatVector gradient, long offset, boolean first) {
        Gemm g = w.gemm;
        float beta = first ? 0f : 1f;
        long dx = w.residualGradient.address(0);
        long dGated = w.gatedGradient.address(0);
        long dGates = w.gatesGradient.address(0);
        long dAttended = w.attendedGradient.address(0);
        long dQkv = w.qkvGradient.address(0);
        long dNormed = w.normedGradient.address(0);

        g.nt(
                width,
                hidden,
                tokens,
                dx,
                tokens,
                slot.gated.address(0),
                tokens,
                beta,
                gradient.address(offset + gegluOutAt),
                hidden);
        g.tn(hidden, tokens, width, gegluOutAddress(), hidden, dx, tokens, 0f, dGated, tokens);
        Geglu.backward(w.staging, slot.gates, slot.sigmoids, w.gatedGradient, w.gatesGradient);
        g.nt(
                2 * hidden,
                width,
                tokens,
                dGates,
                tokens,
                slot.gegluNormed.address(0),
                tokens,
                beta,
                gradient.address(offset + gegluInAt),
                width);
        g.tn(width, tokens, 2 * hidden, gegluInAddress(), width, dGates, tokens, 0f, dNormed, tokens);
        w.staging.normGradient(w.normedGradient, slot.gegluNormed, slot.gegluScale, width, tokens, w.residualGradient);

        g.nt(
                width,
                width,
                tokens,
                dx,
                tokens,
                slot.attended.address(0),
                tokens,
                beta,
                gradient.address(offset + attentionOutAt),
                width);
        g.tn(width, tokens, width, attentionOutAddress(), width, dx, tokens, 0f, dAttended, tokens);
        attention.backward(w, slot);
        g.nt(
                3 * width,
                width,
                tokens,
                dQkv,
                tokens,
                slot.attentionNormed.address(0),
                tokens,
                beta,
                gradient.address(offset + qkvAt),
                width);
        g.tn(width, tokens, 3 * width, qkvAddress(), width, dQkv, tokens, 0f, dNormed, tokens);
        w.staging.normGradient(
                w.normedGradient, slot.attentionNormed, slot.attentionScale, width, tokens, w.residualGradient);
    }

    @Override
    void finish(Workspace w, FlatVector gradient, long offset) {
        qkv.unfold(w.staging, parameters(), gradient, offset);
        gegluIn.unfold(w.staging, parameters(), gradient, offset);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        INDArray x = contiguousInput();
        FlatVector from = Arena.view(x);
        Workspace w = ownWorkspace();
        refresh(w.staging);
        INDArray out = planes(manager, ArrayType.ACTIVATIONS, x.size(0), width);
        FlatVector to = Arena.view(out);
        long plane = w.residual.length();
        for (long i = 0; i < x.size(0); i++) {
            copy(from, i * plane, w.residual, 0, plane);
            forward(w, w.slots[0]);
            copy(w.residual, 0, to, i * plane, plane);
        }
        return out;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        INDArray x = contiguousInput();
        FlatVector from = Arena.view(x);
        FlatVector gradientOfOut = Arena.view(contiguous(epsilon));
        FlatVector gradient = ownGradient();
        Workspace w = ownWorkspace();
        INDArray dx = planes(manager, ArrayType.ACTIVATION_GRAD, x.size(0), width);
        FlatVector to = Arena.view(dx);
        long plane = w.residual.length();
        for (long i = 0; i < x.size(0); i++) {
            copy(from, i * plane, w.residual, 0, plane);
            forward(w, w.slots[0]);
            copy(gradientOfOut, i * plane, w.residualGradient, 0, plane);
            backward(w, w.slots[0], gradient, 0, i == 0);
            copy(w.residualGradient, 0, to, i * plane, plane);
        }
        finish(w, gradient, 0);
        return new Pair<>(gradientViews(), dx);
    }
}
