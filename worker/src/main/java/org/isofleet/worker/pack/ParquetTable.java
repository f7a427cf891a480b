package org.isofleet.worker.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.isofleet.worker.data.ImageSetException;

/**
 * What is in a Parquet file: which columns hold the images and their classes, and how many rows there are. Images are bytes of JPEG or PNG
 * in a column {@code image} (or {@code img}, {@code jpg}, {@code png}), or in {@code bytes} of a struct of that name as Hugging Face's
 * {@code datasets} writes them; classes are integers in {@code label} (or its plural, {@code fine_label}, {@code cls}, {@code class}).
 *
 * @param file its path
 * @param name as samples are named
 * @param image column
 * @param label column
 * @param rows of all groups
 * @param classes names that {@code datasets} left in the file, or none
 */
record ParquetTable(
        Path file, String name, ColumnDescriptor image, ColumnDescriptor label, long rows, List<String> classes) {
    private static final List<String> IMAGES = List.of(
            "image.bytes", "img.bytes", "image", "img", "image_bytes", "jpg", "jpeg", "png", "jpg.bytes", "png.bytes");
    private static final List<String> LABELS = List.of("label", "labels", "fine_label", "cls", "class");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is done with a file that parquet-java reads. */
    interface Reading<T> {
        T read() throws IOException;
    }

    static ParquetTable open(Path file, String name) throws IOException {
        return within(file, () -> {
            ParquetBounds.checkFooter(file);
            try (ParquetFileReader reader = open(file)) {
                FileMetaData meta = reader.getFooter().getFileMetaData();
                MessageType schema = meta.getSchema();
                ColumnDescriptor image = column(file, schema, IMAGES, PrimitiveTypeName.BINARY);
                ColumnDescriptor label = column(file, schema, LABELS, PrimitiveTypeName.INT64, PrimitiveTypeName.INT32);
                ParquetBounds.checkPages(
                        file, reader.getFooter(), List.of(List.of(image.getPath()), List.of(label.getPath())));
                return new ParquetTable(
                        file, name, image, label, reader.getRecordCount(), classes(meta, label.getPath()[0]));
            }
        });
    }

    static ParquetFileReader open(Path file) throws IOException {
        return new ParquetFileReader(
                new LocalInputFile(file), ParquetReadOptions.builder().build());
    }

    /** Makes one line of whatever parquet-java answers to damage with. */
    static <T> T within(Path file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (ImageSetException | FileSystemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            throw new ImageSetException(
                    file + " is damaged: " + reason + "; fetch it again",
                    e instanceof IOException io ? io : new IOException(e));
        }
    }

    private static ColumnDescriptor column(
            Path file, MessageType schema, List<String> names, PrimitiveTypeName... types) throws ImageSetException {
        Map<String, ColumnDescriptor> columns = schema.getColumns().stream()
                .collect(Collectors.toMap(column -> String.join(".", column.getPath()), c -> c, (a, b) -> a));
        Optional<ColumnDescriptor> found = names.stream()
                .filter(columns::containsKey)
                .map(columns::get)
                .filter(column -> column.getMaxRepetitionLevel() == 0)
                .filter(column ->
                        List.of(types).contains(column.getPrimitiveType().getPrimitiveTypeName()))
                .findFirst();
        return found.orElseThrow(() -> new ImageSetException(file + " has no column "
                + (names.equals(IMAGES)
                        ? "of images: name one image, of bytes or a struct with bytes"
                        : "of classes: name one label, of integers")
                + "; it has " + abridged(String.join(", ", columns.keySet()))));
    }

    private static String abridged(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 200 ? line : line.substring(0, 200) + " ...";
    }

    /** Hugging Face's datasets keeps names of classes in the file's metadata: {"info": {"features": {"label": {"names": [...]}}}}. */
    private static List<String> classes(FileMetaData meta, String label) {
        String told = meta.getKeyValueMetaData().get("huggingface");
        List<String> names = new ArrayList<>();
        if (told != null) {
            try {
                JsonNode list = JSON.readTree(told)
                        .path("info")
                        .path("features")
                        .path(label)
                        .path("names");
                list.forEach(name -> names.add(name.asText()));
            } catch (IOException e) {
                // Names are a courtesy of the writer; without them classes are numbers.
                return List.of();
            }
        }
        return names.size() > Short.MAX_VALUE ? List.of() : names;
    }
}
