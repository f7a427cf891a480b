package org.isofleet.worker.pack;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JPEG and PNG files with Java's decoders, told apart by their first bytes, into 8-bit RGB. Colours are taken as numbers: no
 * profile and no gamma is applied, as in the usual Python pipelines, and a camera's orientation is not looked at. Grey becomes three equal
 * values, 16 bits are scaled to 8, transparency is laid over white, palettes are looked up. Ink (CMYK) becomes (1 - ink)(1 - black).
 *
 * <p>Java would convert colours by its own rules (it brightens grey, knows no ink, and takes some YCbCr for RGB); so the raw values are
 * asked for, and converted here. Memory for an image is taken only after its declared size was held against its length.
 */
final class ImageDecoder {
    private ImageDecoder() {}

    static Picture decode(byte[] file) throws DamagedImageException {
        if (JpegFile.is(file)) {
            JpegFile jpeg = JpegFile.parse(file);
            return DecodeMemory.within((long) jpeg.width() * jpeg.height(), () -> decode(jpeg));
        }
        if (PngFile.is(file)) {
            PngFile png = PngFile.parse(file);
            return DecodeMemory.within((long) png.width() * png.height(), () -> decode(png));
        }
        throw new DamagedImageException(
                file.length == 0
                        ? "is empty"
                        : "is neither JPEG nor PNG: it begins with "
                                + HexFormat.of().formatHex(file, 0, Math.min(4, file.length)));
    }

    private static Picture decode(JpegFile jpeg) throws DamagedImageException {
        Raster raster = read("jpeg", jpeg.picture(), reader -> reader.readRaster(0, null));
        requireSize(raster, jpeg.width(), jpeg.height());
        JpegColours colours = new JpegColours(jpeg.colours());
        if (raster.getNumBands() != colours.bands()) {
            throw new DamagedImageException("is damaged: its components are not those that it declares");
        }
        return fill(raster, colours);
    }

    private static Picture decode(PngFile png) throws DamagedImageException {
        BufferedImage image = read("png", png.picture(), reader -> reader.read(0));
        Raster raster = image.getRaster();
        requireSize(raster, png.width(), png.height());
        return fill(
                raster,
                image.getColorModel() instanceof IndexColorModel palette
                        ? new Palette(palette)
                        : new Direct(raster.getNumBands(), raster.getTransferType() == DataBuffer.TYPE_USHORT));
    }

    private static void requireSize(Raster raster, int width, int height) throws DamagedImageException {
        if (raster.getWidth() != width || raster.getHeight() != height) {
            throw new DamagedImageException("is damaged: its size is not what it declares");
        }
    }

    /** Makes RGB of the values of one pixel. */
    interface Colours {
        /** Red, green and blue as 0xRRGGBB. */
        int rgb(int[] values, int at);
    }

    private static Picture fill(Raster raster, Colours colours) throws DamagedImageException {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int area = width * height;
        int bands = raster.getNumBands();
        byte[] planes = new byte[Picture.CHANNELS * area];
        int[] row = new int[width * bands];
        try {
            for (int y = 0, to = 0; y < height; y++) {
                raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
                for (int x = 0; x < width; x++, to++) {
                    int rgb = colours.rgb(row, x * bands);
                    planes[to] = (byte) (rgb >> 16);
                    planes[area + to] = (byte) (rgb >> 8);
                    planes[2 * area + to] = (byte) rgb;
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw new DamagedImageException("is damaged: a colour is not in its palette", e);
        }
        return new Picture(width, height, planes);
    }

    /** What is asked of a decoder. */
    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static <T> T read(String format, byte[] file, Reading<T> reading) throws DamagedImageException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        Complaints complaints = new Complaints();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.addIIOReadWarningListener(complaints);
            reader.setInput(in, true, true);
            T read = reading.from(reader);
            if (complaints.damage != null) {
                throw new DamagedImageException("is damaged: " + oneLine(complaints.damage));
            }
            return read;
        } catch (IOException e) {
            throw new DamagedImageException("cannot be decoded: " + oneLine(e.getMessage()), e);
        } catch (RuntimeException e) {
            // Java's decoders answer some damage with whatever exception it led to.
            throw new DamagedImageException("cannot be decoded: " + oneLine(String.valueOf(e)), e);
        } finally {
            reader.dispose();
        }
    }

    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).replaceAll("\\s+", " ");
    }

    /**
     * The IJG's library goes on after damage, with grey where it knows nothing, and tells of it in warnings. Stray bytes between two
     * markers are common in photographs of the web, lose nothing, and are let pass.
     */
    private static final class Complaints implements IIOReadWarningListener {
        private @Nullable String damage;

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            if (warning.contains("remature end")
                    || (warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes"))) {
                damage = warning;
            }
        }
    }

    private record Palette(IndexColorModel colours) implements Colours {
        @Override
        public int rgb(int[] values, int at) {
            int index = values[at];
            if (index >= colours.getMapSize()) {
                throw new IndexOutOfBoundsException(index);
            }
            return overWhite(
                    colours.getRed(index), colours.getGreen(index), colours.getBlue(index), colours.getAlpha(index));
        }
    }

    /** Grey or RGB, with alpha or without. */
    private record Direct(int bands, boolean deep) implements Colours {
        @Override
        public int rgb(int[] values, int at) {
            int alpha = bands % 2 == 0 ? eightBits(values[at + bands - 1]) : 255;
            int red = eightBits(values[at]);
            return bands < 3
                    ? overWhite(red, red, red, alpha)
                    : overWhite(red, eightBits(values[at + 1]), eightBits(values[at + 2]), alpha);
        }

        private int eightBits(int value) {
            return deep ? (value + 128) / 257 : value;
        }
    }

    private static int overWhite(int red, int green, int blue, int alpha) {
        return overWhite(red, alpha) << 16 | overWhite(green, alpha) << 8 | overWhite(blue, alpha);
    }

    private static int overWhite(int value, int alpha) {
        return (value * alpha + 255 * (255 - alpha) + 127) / 255;
    }
}
