package org.isofleet.worker.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of images, as programs of others write them. */
final class ParquetTables {
    private static final MessageType STRUCT = MessageTypeParser.parseMessageType(
            "message schema { optional group image {"
                    + " optional binary bytes; optional binary path (STRING); } optional int64 label; optional double score; }");
    private static final MessageType PLAIN =
            MessageTypeParser.parseMessageType("message schema { required int32 label; optional binary image; }");
    private static final MessageType OTHER = MessageTypeParser.parseMessageType(
            "message schema { required int32 label; required binary text (STRING); }");

    private ParquetTables() {}

    /**
     * Writes images of the seeds {@code first} on with classes i % classes. In plain columns, image 100 is null and the class of 200 is -1.
     *
     * @param struct as Hugging Face's datasets writes them, with names of the classes in the metadata
     */
    static void write(Path file, CompressionCodecName codec, int first, int images, int classes, boolean struct)
            throws IOException {
        MessageType type = struct ? STRUCT : PLAIN;
        try (ParquetWriter<Group> writer = writer(file, type, codec, classes, struct)) {
            for (int i = 0; i < images; i++) {
                Group row = new SimpleGroup(type);
                Binary bytes = Binary.fromConstantByteArray(Pictures.png(first + i, 12, 10));
                if (struct) {
                    row.addGroup("image").append("bytes", bytes).append("path", i + ".png");
                    row.append("label", (long) (i % classes)).append("score", 0.5);
                } else {
                    row.append("label", i == 200 ? -1 : i % classes);
                    if (i != 100) {
                        row.append("image", bytes);
                    }
                }
                writer.write(row);
            }
        }
    }

    static void writeOther(Path file) throws IOException {
        try (ParquetWriter<Group> writer = writer(file, OTHER, CompressionCodecName.SNAPPY, 1, false)) {
            writer.write(new SimpleGroup(OTHER).append("label", 1).append("text", "a caption"));
        }
    }

    private static ParquetWriter<Group> writer(
            Path file, MessageType type, CompressionCodecName codec, int classes, boolean named) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        String names =
                IntStream.range(0, classes).mapToObj(i -> "\"c" + i + "\"").collect(Collectors.joining(", "));
        return ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withCompressionCodec(codec)
                .withPageSize(4096)
                .withRowGroupSize(16384L)
                .withExtraMetaData(
                        named
                                ? Map.of(
                                        "huggingface",
                                        "{\"info\": {\"features\": {\"label\": {\"names\": [" + names
                                                + "], \"_type\": \"ClassLabel\"}}}}")
                                : Map.of())
                .build();
    }
}
