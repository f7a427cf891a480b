package org.isofleet.deploy.export;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.ColumnNamingStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.isofleet.metrics.live.LiveJson;
import org.jspecify.annotations.Nullable;

/** How tables of records are written. Columns have the names of the components, in snake case. */
enum TableFormat {
    PARQUET {
        @Override
        <T extends Record> void write(Path file, Class<T> type, List<T> rows) throws IOException {
            // Not compressed, so that no native library is needed: such tables are small.
            try (CarpetWriter<T> writer = new CarpetWriter.Builder<>(new LocalOutputFile(file), type)
                    .withConf(new PlainParquetConfiguration())
                    .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                    .withColumnNamingStrategy(ColumnNamingStrategy.SNAKE_CASE)
                    .build()) {
                writer.write(rows);
            }
        }
    },
    CSV {
        @Override
        <T extends Record> void write(Path file, Class<T> type, List<T> rows) throws IOException {
            RecordComponent[] components = type.getRecordComponents();
            try (CsvWriter csv = CsvWriter.builder().build(file, StandardCharsets.UTF_8)) {
                List<String> names = new ArrayList<>();
                for (RecordComponent component : components) {
                    names.add(snake(component.getName()));
                }
                csv.writeRecord(names);
                for (T row : rows) {
                    List<String> values = new ArrayList<>();
                    for (RecordComponent component : components) {
                        Object value = value(component, row);
                        values.add(value == null ? "" : value.toString());
                    }
                    csv.writeRecord(values);
                }
            }
        }
    },
    JSONL {
        @Override
        <T extends Record> void write(Path file, Class<T> type, List<T> rows) throws IOException {
            ObjectWriter json = LiveJson.mapper()
                    .copy()
                    .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .writerFor(type);
            try (BufferedWriter lines = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                for (T row : rows) {
                    lines.write(json.writeValueAsString(row));
                    lines.write('\n');
                }
            }
        }
    };

    /** Writes a table into a file that is not there yet. */
    abstract <T extends Record> void write(Path file, Class<T> type, List<T> rows) throws IOException;

    String ending() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object value(RecordComponent component, Record row) {
        try {
            return component.getAccessor().invoke(row);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a component of a record cannot be read", e);
        }
    }
}
