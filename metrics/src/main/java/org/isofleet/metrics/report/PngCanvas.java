package org.isofleet.metrics.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.isofleet.protocol.study.InvalidSpecException;

/** A figure as a PNG file, two pixels of it for one of ours, so that it stays sharp on fine screens. */
final class PngCanvas implements Canvas {
    private static final int DENSITY = 2;
    private static final int FONT_SIZE = 12;
    private static final int FAINT = 46;

    private final BufferedImage image;
    private final Graphics2D graphics;

    PngCanvas(int width, int height) {
        System.setProperty("java.awt.headless", "true"); // there may be no display, and none is wanted
        image = new BufferedImage(DENSITY * width, DENSITY * height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.scale(DENSITY, DENSITY);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
    }

    @Override
    public void line(List<double[]> points, String color, double width) {
        graphics.setColor(Color.decode(color));
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path(points));
    }

    @Override
    public void area(List<double[]> corners, String color) {
        Color full = Color.decode(color);
        graphics.setColor(new Color(full.getRed(), full.getGreen(), full.getBlue(), FAINT));
        graphics.fill(path(corners));
    }

    private static Path2D path(List<double[]> points) {
        Path2D path = new Path2D.Double();
        for (double[] point : points) {
            if (path.getCurrentPoint() == null) {
                path.moveTo(point[0], point[1]);
            } else {
                path.lineTo(point[0], point[1]);
            }
        }
        return path;
    }

    @Override
    public void dot(double x, double y, double radius, String color, boolean hollow) {
        graphics.setColor(Color.decode(color));
        graphics.setStroke(new BasicStroke(1.5f));
        Ellipse2D circle = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
        if (!hollow) {
            graphics.fill(circle);
        }
        graphics.draw(circle);
    }

    @Override
    public void text(double x, double y, String text, Align align, boolean strong) {
        try {
            graphics.setColor(Color.decode(FitPlot.INK));
            graphics.setFont(new Font(Font.SANS_SERIF, strong ? Font.BOLD : Font.PLAIN, FONT_SIZE));
            double width = graphics.getFontMetrics().stringWidth(text);
            double left = align == Align.START ? x : align == Align.MIDDLE ? x - width / 2 : x - width;
            graphics.drawString(text, (float) left, (float) y);
        } catch (LinkageError | InternalError e) { // Java finds no font, or no library to draw one
            throw new InvalidSpecException("this machine has no fonts to draw a PNG with (" + e.getMessage()
                    + "); install fontconfig and a font, or give the plot a name that ends in .svg");
        }
    }

    byte[] file() throws IOException {
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
