package org.isofleet.deploy.bench;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.show_config;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;

/**
 * The peer of the training benchmark, alone in its process. Images are drawn from bytes and widened each step, as a loader does.
 */
final class EagerReference {
    private static final int IMAGES = 512;

    private final TrainShape shape;
    private final EagerModel model;
    private final AdamW optimizer;
    private final byte[] images;
    private final Random random = new Random(1);

    private EagerReference(TrainShape shape) {
        this.shape = shape;
        model = new EagerModel(shape.model());
        AdamWOptions options = new AdamWOptions(1e-3);
        options.weight_decay().put(0.1);
        optimizer = new AdamW(model.parameters(), options);
        images = new byte[IMAGES * imageBytes()];
        random.nextBytes(images);
    }

    public static void main(String[] arguments) throws Exception {
        set_num_threads(Integer.parseInt(arguments[1]));
        manual_seed(1);
        EagerReference reference = new EagerReference(TrainShape.named(arguments[0]));
        StepOrders.serve("LibTorch " + build(show_config().getString()), reference::step);
    }

    /** What runs, asked of the library itself: the bindings at hand when this was compiled are of another version. */
    private static String build(String configuration) {
        Matcher version = Pattern.compile("TORCH_VERSION=([0-9.]+)").matcher(configuration);
        return (version.find() ? version.group(1) : "unknown") + " eager, "
                + (configuration.contains("Math Kernel Library") ? "MKL" : "without MKL");
    }

    private int imageBytes() {
        return shape.model().channels() * shape.model().tokens();
    }

    private void step() {
        try (PointerScope scope = new PointerScope()) {
            optimizer.zero_grad();
            Tensor loss = model.loss(batch(), shape.batch());
            loss.backward();
            clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
    }

    private Tensor batch() {
        long[] values = new long[shape.batch() * imageBytes()];
        for (int i = 0; i < shape.batch(); i++) {
            int from = random.nextInt(IMAGES) * imageBytes();
            for (int j = 0; j < imageBytes(); j++) {
                values[i * imageBytes() + j] = images[from + j] & 0xFF;
            }
        }
        return tensor(values)
                .view(shape.batch(), shape.model().channels(), shape.model().tokens());
    }
}
