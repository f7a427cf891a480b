package org.isofleet.deploy.bench;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;

/**
 * The peer of the training benchmark, alone in its process: reads a number of steps from standard input, trains that many, and
 * answers with the seconds of each on one line. Images are drawn from bytes and widened each step, as a loader does.
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

    public static void main(String[] arguments) throws IOException {
        TrainShape shape = TrainShape.ALL.stream()
                .filter(s -> s.name().equals(arguments[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no shape " + arguments[0]));
        set_num_threads(Integer.parseInt(arguments[1]));
        manual_seed(1);
        EagerReference reference = new EagerReference(shape);
        System.out.println("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            StringBuilder answer = new StringBuilder();
            for (int i = Integer.parseInt(line.strip()); i > 0; i--) {
                long start = System.nanoTime();
                reference.step();
                answer.append((System.nanoTime() - start) / 1e9).append(' ');
            }
            System.out.println(answer);
        }
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
