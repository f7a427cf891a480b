package org.isofleet.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    @Test
    void rgbPng_isExact() throws Exception {
        BufferedImage image = Pictures.image(1, 7, 5, BufferedImage.TYPE_INT_RGB);
        Picture picture = ImageDecoder.decode(Pictures.encoded(image, "png"));
        assertThat(picture.width()).isEqualTo(7);
        assertThat(picture.height()).isEqualTo(5);
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 7; x++) {
                assertThat(rgb(picture, x, y)).isEqualTo(image.getRGB(x, y) & 0xFFFFFF);
            }
        }
    }

    /** Java itself would give 0x6F for a grey of 0x29: it takes grey for linear light. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void grey_isThreeEqualValues_notBrightened(String format) throws Exception {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        fill(image.getRaster(), 0x29);
        assertThat(rgb(ImageDecoder.decode(Pictures.encoded(image, format)), 3, 4))
                .isEqualTo(0x292929);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "128,0", "129,1", "32768,128", "65535,255", "257,1"})
    void sixteenBits_areScaledToEight(int deep, int expected) throws Exception {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
        fill(image.getRaster(), deep);
        assertThat(rgb(ImageDecoder.decode(Pictures.encoded(image, "png")), 1, 1))
                .isEqualTo(expected * 0x010101);
    }

    @Test
    void sixteenBitsOfColourAndAlpha_areScaledAndLaidOverWhite() throws Exception {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB),
                true,
                false,
                Transparency.TRANSLUCENT,
                DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(2, 2);
        fill(raster, 65535, 0, 257 * 10, 257 * 51);
        byte[] png = Pictures.encoded(new BufferedImage(model, raster, false, null), "png");
        assertThat(rgb(ImageDecoder.decode(png), 0, 0)).isEqualTo(0xFFCCCE);
    }

    @Test
    void alpha_isLaidOverWhite() throws Exception {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x33FF0000);
        image.setRGB(1, 0, 0x00123456);
        Picture picture = ImageDecoder.decode(Pictures.encoded(image, "png"));
        assertThat(rgb(picture, 0, 0)).isEqualTo(0xFFCCCC);
        assertThat(rgb(picture, 1, 0)).isEqualTo(0xFFFFFF);
    }

    @Test
    void greyWithAlpha_isLaidOverWhite() throws Exception {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY),
                true,
                false,
                Transparency.TRANSLUCENT,
                DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(2, 2);
        fill(raster, 0, 51);
        byte[] png = Pictures.encoded(new BufferedImage(model, raster, false, null), "png");
        assertThat(rgb(ImageDecoder.decode(png), 1, 0)).isEqualTo(0xCCCCCC);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void palette_ofAnyDepthAndWithTransparency_isLookedUp(int bits) throws Exception {
        byte[] ramp = {10, 20};
        IndexColorModel model =
                new IndexColorModel(bits, 2, ramp, new byte[] {1, 2}, new byte[] {0, 0}, new byte[] {-1, 0});
        BufferedImage image = bits == 8
                ? new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, model)
                : new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, model);
        image.getRaster().setSample(0, 0, 0, 0);
        image.getRaster().setSample(1, 0, 0, 1);
        Picture picture = ImageDecoder.decode(Pictures.encoded(image, "png"));
        assertThat(rgb(picture, 0, 0)).isEqualTo(0x0A0100);
        assertThat(rgb(picture, 1, 0)).isEqualTo(0xFFFFFF);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void colourJpeg_baselineOrProgressive_isCloseToItsImage(boolean progressive) throws Exception {
        BufferedImage image = new BufferedImage(20, 12, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 12; y++) {
            for (int x = 0; x < 20; x++) {
                image.setRGB(x, y, 0xC02040);
            }
        }
        Picture picture = ImageDecoder.decode(jpeg(new IIOImage(image, null, null), progressive));
        int rgb = rgb(picture, 5, 5);
        assertThat(rgb >> 16).isBetween(0xC0 - 3, 0xC0 + 3);
        assertThat(rgb >> 8 & 0xFF).isBetween(0x20 - 3, 0x20 + 3);
        assertThat(rgb & 0xFF).isBetween(0x40 - 3, 0x40 + 3);
    }

    /** Four components: ink as Adobe writes it when it says so, else as is; (1 - ink)(1 - black). */
    @ParameterizedTest
    @CsvSource({"-1,0x66CC1F", "0,0x4D1A6F", "2,0x51175E"})
    void ink_becomesLight(int adobeTransform, String expected) throws Exception {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
        fill(raster, 128, 0, 216, 51);
        if (adobeTransform == 0) {
            fill(raster, 77, 26, 111, 255);
        } else if (adobeTransform == 2) {
            // Y, Cb and Cr of 255 - (81, 23, 94), and no black.
            fill(raster, 207, 102, 105, 255);
        }
        byte[] jpeg = withoutSegments(jpeg(new IIOImage(raster, null, null), false));
        byte[] told = adobeTransform < 0 ? jpeg : withAdobe(jpeg, adobeTransform);
        int rgb = rgb(ImageDecoder.decode(told), 4, 4);
        int wanted = Integer.decode(expected);
        for (int shift = 0; shift <= 16; shift += 8) {
            assertThat(rgb >> shift & 0xFF)
                    .as("%06x, not %s", rgb, expected)
                    .isBetween((wanted >> shift & 0xFF) - 3, (wanted >> shift & 0xFF) + 3);
        }
    }

    /** Java's own reader takes such a file for RGB, as it does with most that have lost their JFIF segment. */
    @Test
    void jpegWithoutAnySegment_isYcc_unlessItSaysRgb() throws Exception {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 3, null);
        fill(raster, 100, 128, 128);
        byte[] jpeg = withoutSegments(jpeg(new IIOImage(raster, null, null), false));
        assertThat(rgb(ImageDecoder.decode(jpeg), 1, 1)).isEqualTo(0x646464);
        fill(raster, 100, 128, 28);
        byte[] rgb = withAdobe(withoutSegments(jpeg(new IIOImage(raster, null, null), false)), 0);
        assertThat(rgb(ImageDecoder.decode(rgb), 1, 1) >> 8).isBetween(0x6480 - 0x101, 0x6480 + 0x101);
    }

    @Test
    void damage_isToldInOneLine() throws IOException {
        byte[] png = Pictures.png(3, 40, 30);
        byte[] jpeg = Pictures.jpeg(3, 40, 30);
        rejected("is empty", new byte[0]);
        rejected(
                "is neither JPEG nor PNG: it begins with 52494646", "RIFF----WEBP".getBytes(StandardCharsets.US_ASCII));
        rejected("is cut short", Arrays.copyOf(png, png.length - 5));
        rejected("is cut short", Arrays.copyOf(png, 20));
        rejected("is cut short", Arrays.copyOf(jpeg, 30));
        rejected("remature end", Arrays.copyOf(jpeg, jpeg.length - 40));
        byte[] flipped = png.clone();
        flipped[png.length / 2] ^= 4;
        rejected("does not have its checksum", flipped);
        byte[] wide = jpeg.clone();
        int frame = indexOf(wide, 0xC0);
        wide[frame + 4] = 0x7F;
        rejected("cannot hold", wide);
        wide[frame + 6] = 0x7F;
        rejected("declares 32552 x 32542 pixels", wide);
    }

    /** A PNG of a few bytes that declares 8,000 x 8,000 pixels, and has every checksum. */
    @Test
    void declaredSize_isHeldAgainstTheLength() throws IOException {
        byte[] png = Pictures.png(3, 4, 3);
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(png);
        buffer.putInt(16, 8000).putInt(20, 8000);
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(png, 12, 17);
        buffer.putInt(29, (int) crc.getValue());
        rejected("cannot hold 8000 x 8000 pixels", png);
        buffer.putInt(16, 1 << 20);
        crc.reset();
        crc.update(png, 12, 17);
        buffer.putInt(29, (int) crc.getValue());
        rejected("declares 1048576 x 8000 pixels", png);
    }

    private static void rejected(String reason, byte[] file) {
        assertThatThrownBy(() -> ImageDecoder.decode(file))
                .isInstanceOf(DamagedImageException.class)
                .hasMessageContaining(reason)
                .message()
                .hasLineCount(1);
    }

    private static int rgb(Picture picture, int x, int y) {
        int area = picture.width() * picture.height();
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            rgb = rgb << 8 | (picture.values()[c * area + y * picture.width() + x] & 0xFF);
        }
        return rgb;
    }

    private static void fill(WritableRaster raster, int... pixel) {
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                raster.setPixel(x, y, pixel);
            }
        }
    }

    private static byte[] jpeg(IIOImage image, boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(1);
            writer.write(null, image, param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** The file without application segments, with which nothing says what its components mean. */
    private static byte[] withoutSegments(byte[] jpeg) throws IOException {
        try {
            return JpegFile.parse(jpeg).picture();
        } catch (DamagedImageException e) {
            throw new IOException(e);
        }
    }

    private static byte[] withAdobe(byte[] jpeg, int transform) {
        byte[] segment = {-1, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
        byte[] joined = new byte[jpeg.length + segment.length];
        System.arraycopy(jpeg, 0, joined, 0, 2);
        System.arraycopy(segment, 0, joined, 2, segment.length);
        System.arraycopy(jpeg, 2, joined, 2 + segment.length, jpeg.length - 2);
        return joined;
    }

    private static int indexOf(byte[] jpeg, int marker) {
        for (int i = 0; i < jpeg.length - 1; i++) {
            if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == marker) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("no marker " + marker);
    }
}
