package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The traces of all worker processes of a study, read while they grow. */
final class TraceFolder {
    private final Path folder;
    private final Map<Path, Growing> files = new HashMap<>();

    TraceFolder(Path folder) {
        this.folder = folder;
    }

    private static final class Growing {
        long read;
        final List<Sight> sights = new ArrayList<>();
        Trace trace;

        Growing(int worker) {
            trace = new Trace(worker, sights);
        }
    }

    /** Everything that was told until now, a trace for each process. */
    List<Trace> read() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (Path file : list(TraceFile.SIGHTS)) {
            Growing growing = files.computeIfAbsent(file, path -> new Growing(worker(path)));
            grow(file, growing);
            traces.add(growing.trace);
        }
        return traces;
    }

    /** Shard gradients that all processes together have computed. */
    long gradients() throws IOException {
        long sum = 0;
        for (Path file : list(TraceFile.GRADIENTS)) {
            sum += ByteBuffer.wrap(Files.readAllBytes(file)).getLong();
        }
        return sum;
    }

    /** {@code w1} is worker 0. */
    private static int worker(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf('-'))) - 1;
    }

    private List<Path> list(String ending) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static void grow(Path file, Growing growing) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() == growing.read) {
                return; // as of all processes that are gone
            }
            ByteBuffer fresh = ByteBuffer.allocate((int) (channel.size() - growing.read));
            int count;
            do {
                count = channel.read(fresh, growing.read + fresh.position());
            } while (count > 0);
            String text = new String(fresh.array(), 0, fresh.position(), StandardCharsets.US_ASCII);
            int whole = text.lastIndexOf('\n') + 1;
            growing.read += whole;
            text.substring(0, whole).lines().forEach(line -> Sight.parse(line).ifPresent(growing.sights::add));
            growing.trace = new Trace(growing.trace.worker(), growing.sights);
        }
    }
}
