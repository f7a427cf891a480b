package org.isofleet.worker.pack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.jspecify.annotations.Nullable;

/** Parquet files with an image in each row, see {@link ParquetTable}. A row group at a time is in memory, of two columns. */
final class ParquetFiles implements SampleSource {
    private final List<SourceFile> sources;
    private final List<ParquetTable> tables;
    private final Set<Split> splits = EnumSet.noneOf(Split.class);

    private ParquetFiles(List<SourceFile> sources, List<ParquetTable> tables) {
        this.sources = sources;
        this.tables = tables;
        tables.forEach(table -> SplitNames.in(table.name()).ifPresent(splits::add));
    }

    static ParquetFiles open(Path folder, List<SourceFile> sources) throws IOException {
        List<ParquetTable> tables = new ArrayList<>();
        for (SourceFile source : sources) {
            ParquetTable table = ParquetTable.open(folder.resolve(source.name()), source.name());
            if (!tables.isEmpty() && !tables.get(0).classes().equals(table.classes())) {
                throw new ImageSetException(table.file() + " names other classes than "
                        + tables.get(0).file() + "; put them into folders of their own");
            }
            tables.add(table);
        }
        return new ParquetFiles(sources, tables);
    }

    @Override
    public String format() {
        return "parquet";
    }

    @Override
    public String fingerprint() {
        return SourceFile.fingerprint(sources);
    }

    @Override
    public OptionalLong expected() {
        return OptionalLong.of(tables.stream().mapToLong(ParquetTable::rows).sum());
    }

    @Override
    public Set<Split> splits() {
        return splits;
    }

    @Override
    public List<String> classes(int largest) {
        List<String> names = tables.get(0).classes();
        return names.isEmpty()
                ? IntStream.rangeClosed(0, largest).mapToObj(String::valueOf).toList()
                : names;
    }

    @Override
    public Reader open() {
        return new Rows();
    }

    /** Reads one file after the other. */
    private final class Rows implements Reader {
        private int at = -1;
        private @Nullable TableRows rows;

        @Override
        public @Nullable Sample next() throws IOException {
            while (true) {
                TableRows reading = rows;
                Sample next = reading == null
                        ? null
                        : ParquetTable.within(tables.get(at).file(), () -> Optional.ofNullable(reading.next()))
                                .orElse(null);
                if (next != null) {
                    return next;
                }
                close();
                if (at + 1 == tables.size()) {
                    return null;
                }
                ParquetTable table = tables.get(++at);
                rows = ParquetTable.within(table.file(), () -> new TableRows(table));
            }
        }

        @Override
        public void close() throws IOException {
            if (rows != null) {
                rows.close();
                rows = null;
            }
        }
    }

    /** The rows of one file. */
    private static final class TableRows implements AutoCloseable {
        private final ParquetTable table;
        private final Split split;
        private final ParquetFileReader reader;
        private final MessageType schema;
        private @Nullable ColumnReader images;
        private @Nullable ColumnReader labels;
        private long left;
        private long row;

        TableRows(ParquetTable table) throws IOException {
            this.table = table;
            this.split = SplitNames.in(table.name()).orElse(Split.TRAIN);
            this.reader = ParquetTable.open(table.file());
            MessageType all = reader.getFooter().getFileMetaData().getSchema();
            this.schema = new MessageType(all.getName(), alone(all, table.image()), alone(all, table.label()));
            reader.setRequestedSchema(schema);
        }

        /** A column as the only one of its struct. */
        private static Type alone(MessageType all, ColumnDescriptor column) {
            Type field = all.getType(column.getPath()[0]);
            return field.isPrimitive()
                    ? field
                    : field.asGroupType().withNewFields(field.asGroupType().getType(column.getPath()[1]));
        }

        @Nullable
        Sample next() throws IOException {
            while (left == 0) {
                PageReadStore group = reader.readNextRowGroup();
                if (group == null) {
                    return null;
                }
                ColumnReadStoreImpl columns = new ColumnReadStoreImpl(
                        group,
                        new GroupRecordConverter(schema).getRootConverter(),
                        schema,
                        reader.getFooter().getFileMetaData().getCreatedBy());
                images = columns.getColumnReader(table.image());
                labels = columns.getColumnReader(table.label());
                left = group.getRowCount();
            }
            left--;
            ColumnReader image = java.util.Objects.requireNonNull(images);
            ColumnReader label = java.util.Objects.requireNonNull(labels);
            String name = table.name() + "#" + row++;
            byte[] bytes = isThere(image, table.image()) ? image.getBinary().getBytes() : null;
            long number = isThere(label, table.label()) ? number(label) : -1;
            image.consume();
            label.consume();
            if (bytes == null) {
                return Sample.rejected(name, "is missing: its row holds null");
            }
            long classes = table.classes().isEmpty()
                    ? Short.MAX_VALUE
                    : table.classes().size();
            if (number < 0 || number >= classes) {
                return Sample.rejected(name, "has the class " + number + ", outside 0 to " + (classes - 1));
            }
            return new Sample(name, split, (int) number, bytes.length, () -> ImageDecoder.decode(bytes));
        }

        private static boolean isThere(ColumnReader reader, ColumnDescriptor column) {
            return reader.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel();
        }

        private long number(ColumnReader label) {
            return table.label().getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64
                    ? label.getLong()
                    : label.getInteger();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
