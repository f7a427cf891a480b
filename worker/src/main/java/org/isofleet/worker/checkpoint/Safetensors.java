package org.isofleet.worker.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format (https://huggingface.co/docs/safetensors): eight bytes with the length of the header, the header as
 * JSON, then the tensors' bytes without gaps. Only what checkpoints need: tensors of little-endian floats, in the order of the file.
 */
final class Safetensors {
    /** The longest header that the format allows. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Safetensors() {}

    /**
     * A tensor of floats.
     *
     * @param name unique in the file
     * @param shape lengths of its dimensions
     * @param begin first byte, counted from the end of the header
     * @param end one past the last byte
     */
    record Entry(String name, List<Long> shape, long begin, long end) {}

    /**
     * The start of a file.
     *
     * @param entries by position in the file
     * @param metadata free texts
     * @param dataStart byte of the file where the first tensor begins
     * @param dataBytes bytes of all tensors
     */
    record Header(List<Entry> entries, Map<String, String> metadata, long dataStart, long dataBytes) {}

    /** The bytes before the tensors, padded so that these begin at a multiple of eight. */
    static ByteBuffer header(List<Entry> entries, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode texts = root.putObject("__metadata__");
        metadata.forEach(texts::put);
        for (Entry entry : entries) {
            ObjectNode node = root.putObject(entry.name());
            node.put("dtype", "F32");
            entry.shape().forEach(node.putArray("shape")::add);
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(json);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }

    /** Reads the start of a file and checks that it is whole. */
    static Header read(FileChannel file, Path path) throws IOException {
        long size = file.size();
        ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        if (size < 8 || !fill(file, length, 0)) {
            throw new UnreadableCheckpointException(path, "is too short for a safetensors file");
        }
        long headerBytes = length.getLong(0);
        if (headerBytes < 2 || headerBytes > Math.min(LONGEST_HEADER, size - 8)) {
            throw new UnreadableCheckpointException(path, "is no safetensors file, or cut off");
        }
        ByteBuffer header = ByteBuffer.allocate((int) headerBytes);
        if (!fill(file, header, 8)) {
            throw new UnreadableCheckpointException(path, "is cut off");
        }
        return parse(header.array(), path, 8 + headerBytes, size - 8 - headerBytes);
    }

    private static Header parse(byte[] json, Path path, long dataStart, long dataBytes) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new UnreadableCheckpointException(path, "has a header that is no JSON");
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new java.util.TreeMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals("__metadata__")) {
                field.getValue()
                        .properties()
                        .forEach(f -> metadata.put(f.getKey(), f.getValue().asText()));
            } else {
                entries.add(entry(field.getKey(), field.getValue(), path));
            }
        }
        entries.sort(java.util.Comparator.comparingLong(Entry::begin));
        long at = 0;
        for (Entry entry : entries) {
            if (entry.begin() != at || entry.end() < at) {
                throw new UnreadableCheckpointException(path, "has a gap or an overlap before tensor " + entry.name());
            }
            at = entry.end();
        }
        if (entries.isEmpty() || at != dataBytes) {
            throw new UnreadableCheckpointException(
                    path, "holds " + dataBytes + " bytes of tensors, but its header says " + at);
        }
        return new Header(List.copyOf(entries), metadata, dataStart, dataBytes);
    }

    private static Entry entry(String name, JsonNode node, Path path) throws IOException {
        JsonNode offsets = node.path("data_offsets");
        long begin = offsets.path(0).asLong(-1);
        long end = offsets.path(1).asLong(-1);
        List<Long> shape = new ArrayList<>();
        node.path("shape").forEach(d -> shape.add(d.asLong(-1)));
        double elements = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
        if (!node.path("dtype").asText().equals("F32")
                || shape.stream().anyMatch(d -> d < 0)
                || elements * Float.BYTES != (double) (end - begin)) {
            throw new UnreadableCheckpointException(path, "has a tensor " + name + " that is not of floats");
        }
        return new Entry(name, List.copyOf(shape), begin, end);
    }

    /** Fills the buffer from a position of the file on; false when the file ends before. */
    static boolean fill(FileChannel file, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int count = file.read(buffer, at);
            if (count < 0) {
                return false;
            }
            at += count;
        }
        return true;
    }
}
