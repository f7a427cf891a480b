package org.isofleet.worker.evaluate;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.PixelBatch;

/**
 * A few completions below their originals as a PNG picture at native size: pairs of rows, eight columns, a pixel of grey between
 * images. As many images as fit into {@value #MOST_BYTES} bytes, sixteen at most, spread over the prompts.
 */
final class SamplePicture {
    static final int MOST_BYTES = 96 * 1024;

    private static final int COLUMNS = 8;
    private static final int MOST_IMAGES = 16;
    private static final int GAP = 0x808080;

    private SamplePicture() {}

    /**
     * The picture in Base64.
     *
     * @param prompts distinct images among the originals, the first ones
     */
    static String of(PixelBatch originals, PixelBatch completed, int prompts, ModelShape shape) {
        int count = Math.min(MOST_IMAGES, prompts);
        byte[] png = png(originals, completed, prompts, count, shape);
        while (png.length > MOST_BYTES && count > 1) {
            count /= 2;
            png = png(originals, completed, prompts, count, shape);
        }
        return png.length > MOST_BYTES ? "" : Base64.getEncoder().encodeToString(png);
    }

    private static byte[] png(PixelBatch originals, PixelBatch completed, int prompts, int count, ModelShape shape) {
        int side = shape.resolution();
        int columns = Math.min(COLUMNS, count);
        int pairs = (count + columns - 1) / columns;
        BufferedImage picture =
                new BufferedImage(columns * (side + 1) + 1, pairs * 2 * (side + 1) + 1, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                picture.setRGB(x, y, GAP);
            }
        }
        for (int i = 0; i < count; i++) {
            int image = (int) ((long) i * prompts / count);
            int x = 1 + i % columns * (side + 1);
            int y = 1 + i / columns * 2 * (side + 1);
            draw(picture, x, y, originals, image, shape);
            draw(picture, x, y + side + 1, completed, image, shape);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(picture, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void draw(BufferedImage picture, int left, int top, PixelBatch batch, int image, ModelShape shape) {
        int side = shape.resolution();
        for (int t = 0; t < batch.tokens(); t++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                int channel = Math.min(c, batch.channels() - 1);
                int level = batch.values()[(image * batch.channels() + channel) * batch.tokens() + t] & 0xFF;
                rgb = rgb << 8 | level * 255 / (shape.levels() - 1);
            }
            picture.setRGB(left + t % side, top + t / side, rgb);
        }
    }
}
