package org.isofleet.worker.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the inputs and outputs of a model are those that its card tells of. Sizes that a model leaves open are -1. */
final class ModelShapes {
    private ModelShapes() {}

    /**
     * The name of the input for images.
     *
     * @throws IOException when there is none of the card's name and shape; one line with both files and the mend
     */
    static String input(Map<String, NodeInfo> inputs, FeatureCard card) throws IOException {
        String wanted = card.input();
        if (wanted == null) {
            if (inputs.size() != 1) {
                throw new IOException(card.model() + " has the inputs " + String.join(", ", inputs.keySet())
                        + "; say in " + card.file() + " which of them takes images, as input = NAME");
            }
            wanted = inputs.keySet().iterator().next();
        }
        TensorInfo info = tensor(inputs.get(wanted));
        if (info == null) {
            throw new IOException(card.model() + " has no input of numbers '" + wanted + "' but "
                    + String.join(", ", inputs.keySet()) + "; mend input in " + card.file());
        }
        int side = card.size();
        long[] shape = info.getShape();
        long[] asked = card.channelsFirst() ? new long[] {-1, 3, side, side} : new long[] {-1, side, side, 3};
        if (info.type != OnnxJavaType.FLOAT || !fits(shape, asked)) {
            throw new IOException(card.model() + " takes " + info.type + " " + Arrays.toString(shape) + " in '" + wanted
                    + "', and its card says FLOAT " + Arrays.toString(asked) + "; mend size or layout in " + card.file()
                    + ", or export the model with float inputs of that shape");
        }
        return wanted;
    }

    private static boolean fits(long[] shape, long[] asked) {
        boolean fits = shape.length == asked.length;
        for (int i = 1; fits && i < shape.length; i++) {
            fits = shape[i] == asked[i] || shape[i] < 0;
        }
        return fits;
    }

    /** Images that the model takes at once; -1 when any number. */
    static int batch(Map<String, NodeInfo> inputs, String input) {
        TensorInfo info = tensor(inputs.get(input));
        return info == null ? -1 : (int) info.getShape()[0];
    }

    /** @throws IOException when there is no such output of numbers; one line with both files and the mend */
    static void output(Map<String, NodeInfo> outputs, FeatureCard card) throws IOException {
        TensorInfo info = tensor(outputs.get(card.output()));
        if (info == null || info.type != OnnxJavaType.FLOAT) {
            throw new IOException(card.model() + " has no output of floats '" + card.output() + "' but "
                    + String.join(", ", outputs.keySet()) + "; mend output in " + card.file());
        }
        if (card.take() == FeatureCard.Take.FIRST_TOKEN && info.getShape().length != 3) {
            throw new IOException(card.model() + " gives " + Arrays.toString(info.getShape()) + " in '" + card.output()
                    + "', which has no tokens; mend take or output in " + card.file());
        }
    }

    private static @Nullable TensorInfo tensor(@Nullable NodeInfo node) {
        return node != null && node.getInfo() instanceof TensorInfo tensor ? tensor : null;
    }
}
