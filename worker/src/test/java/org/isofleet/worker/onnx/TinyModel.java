package org.isofleet.worker.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A feature network as the bytes of an ONNX file, written by hand (onnx.proto, IR version 8, opset 13). Its output {@code features} is the mean of
 * each channel times a matrix of 3x5; its output {@code tokens} holds the channels as three tokens of all their pixels.
 */
final class TinyModel {
    static final int SIDE = 8;
    static final int FEATURES = 5;

    /** Batch of a model that takes any number of images. */
    static final int ANY = 0;

    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private TinyModel() {}

    /** Entry of the matrix. */
    static float weight(int channel, int feature) {
        return (channel + 1) * 0.5f - feature * 0.25f;
    }

    /** Writes the model and a card beside it. */
    static Path card(Path folder, String changes) throws IOException {
        Files.write(folder.resolve("tiny.onnx"), bytes(ANY, true));
        return card(folder, "tiny.onnx", changes);
    }

    /** Writes a card; later lines go before earlier ones. */
    static Path card(Path folder, String model, String changes) throws IOException {
        return Files.writeString(folder.resolve("tiny.conf"), """
                name = tiny
                model = %s
                output = features
                dimension = 5
                size = 8
                resize = bicubic
                mean = [0.5, 0.25, 0]
                deviation = [0.5, 1, 2]
                """.formatted(model) + changes);
    }

    /** The file of the model. */
    static byte[] bytes(int batch, boolean channelsFirst) {
        return message(model -> {
            number(model, 1, 8);
            field(model, 7, message(graph -> graph(graph, batch, channelsFirst)));
            field(model, 8, message(opset -> number(opset, 2, 13)));
        });
    }

    private static void graph(ByteArrayOutputStream graph, int batch, boolean channelsFirst) {
        if (channelsFirst) {
            field(graph, 1, node("GlobalAveragePool", "images", "", "pooled"));
            field(graph, 1, node("Flatten", "pooled", "", "means"));
            field(graph, 1, node("Reshape", "images", "three", "tokens"));
        } else {
            field(graph, 1, message(node -> {
                text(node, 1, "images");
                text(node, 2, "means");
                text(node, 4, "ReduceMean");
                field(node, 5, message(axes -> {
                    text(axes, 1, "axes");
                    number(axes, 8, 1);
                    number(axes, 8, 2);
                    number(axes, 20, 7);
                }));
                field(node, 5, message(keep -> {
                    text(keep, 1, "keepdims");
                    number(keep, 3, 0);
                    number(keep, 20, 2);
                }));
            }));
        }
        field(graph, 1, node("MatMul", "means", "matrix", "features"));
        text(graph, 2, "tiny");
        field(graph, 5, message(matrix -> {
            number(matrix, 1, 3);
            number(matrix, 1, FEATURES);
            number(matrix, 2, FLOAT);
            text(matrix, 8, "matrix");
            byte[] raw = new byte[3 * FEATURES * Float.BYTES];
            ByteBuffer values = little(raw);
            for (int i = 0; i < 3 * FEATURES; i++) {
                values.putFloat(weight(i / FEATURES, i % FEATURES));
            }
            field(matrix, 9, raw);
        }));
        if (channelsFirst) {
            field(graph, 5, message(three -> {
                number(three, 1, 3);
                number(three, 2, INT64);
                text(three, 8, "three");
                byte[] raw = new byte[3 * Long.BYTES];
                little(raw).putLong(0).putLong(3).putLong(-1); // 0 keeps the batch
                field(three, 9, raw);
            }));
        }
        int[] shape = channelsFirst ? new int[] {batch, 3, SIDE, SIDE} : new int[] {batch, SIDE, SIDE, 3};
        field(graph, 11, value("images", shape));
        field(graph, 12, value("features", batch, FEATURES));
        if (channelsFirst) {
            field(graph, 12, value("tokens", batch, 3, SIDE * SIDE));
        }
    }

    private static byte[] node(String operator, String first, String second, String output) {
        return message(node -> {
            text(node, 1, first);
            if (!second.isEmpty()) {
                text(node, 1, second);
            }
            text(node, 2, output);
            text(node, 4, operator);
        });
    }

    private static byte[] value(String name, int... shape) {
        return message(value -> {
            text(value, 1, name);
            field(
                    value,
                    2,
                    message(type -> field(type, 1, message(tensor -> {
                        number(tensor, 1, FLOAT);
                        field(tensor, 2, message(dimensions -> {
                            for (int size : shape) {
                                field(dimensions, 1, message(dimension -> {
                                    if (size == ANY) {
                                        text(dimension, 2, "batch");
                                    } else {
                                        number(dimension, 1, size);
                                    }
                                }));
                            }
                        }));
                    }))));
        });
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] message(Consumer<ByteArrayOutputStream> writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.accept(bytes);
        return bytes.toByteArray();
    }

    private static void text(ByteArrayOutputStream to, int field, String text) {
        field(to, field, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void field(ByteArrayOutputStream to, int field, byte[] bytes) {
        varint(to, ((long) field << 3) | 2);
        varint(to, bytes.length);
        to.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream to, int field, long value) {
        varint(to, (long) field << 3);
        varint(to, value);
    }

    private static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }
}
