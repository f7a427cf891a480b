package org.isofleet.worker.pack;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Images made for tests. */
final class Pictures {
    private Pictures() {}

    /** Smooth colours with some noise; another seed, another image. */
    static BufferedImage image(long seed, int width, int height, int type) {
        Random random = new Random(seed);
        int[] base = {random.nextInt(200), random.nextInt(200), random.nextInt(200)};
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = 0xFF;
                for (int c = 0; c < 3; c++) {
                    rgb = rgb << 8 | Math.min(255, base[c] + 40 * (c == 0 ? x : y) / width + random.nextInt(8));
                }
                image.setRGB(x, y, rgb);
            }
        }
        return image;
    }

    static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new IllegalArgumentException("no writer of " + format);
        }
        return out.toByteArray();
    }

    static byte[] png(long seed, int width, int height) throws IOException {
        return encoded(image(seed, width, height, BufferedImage.TYPE_INT_RGB), "png");
    }

    static byte[] jpeg(long seed, int width, int height) throws IOException {
        return encoded(image(seed, width, height, BufferedImage.TYPE_INT_RGB), "jpeg");
    }

    static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
