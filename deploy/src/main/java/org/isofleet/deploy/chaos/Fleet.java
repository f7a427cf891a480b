package org.isofleet.deploy.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.isofleet.deploy.launch.IsofleetCommandLine;
import org.isofleet.deploy.launch.LocalFleet;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.deploy.launch.LoopbackPort;
import org.isofleet.deploy.launch.WorkerCommandLine;
import org.isofleet.deploy.study.ClusterSecret;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.protocol.study.EngineChoice;
import org.jspecify.annotations.Nullable;

/** The coordinator and the workers of a study, each a process of its own that comes back whenever it ends. */
final class Fleet implements AutoCloseable {
    private static final String ANSWER = "coordinator.json";

    private final Place place;
    private final FleetProcess coordinator;
    private final List<FleetProcess> workers = new ArrayList<>();
    private final ScheduledExecutorService timer;

    /**
     * What a fleet is started with.
     *
     * @param study as it was named on the command line
     * @param folder of the study
     * @param watched where workers put their traces and processes their output
     * @param memoryBytes that a run may use in each worker
     * @param engine what workers compute with
     */
    record Place(
            String study,
            Path folder,
            Path watched,
            int workers,
            long memoryBytes,
            Network network,
            EngineChoice engine) {}

    private Fleet(Place place, ScheduledExecutorService timer) throws IOException {
        this.place = place;
        this.timer = timer;
        Files.createDirectories(place.folder());
        Files.createDirectories(place.watched());
        String secret = ClusterSecret.of(place.folder());
        Path keys = place.network().keys();
        int port = LoopbackPort.free();
        coordinator = process("coordinator", coordinator(port, keys), Map.of(), ANSWER);
        WorkerCommandLine commandLine = new WorkerCommandLine(new LocalFleet(
                place.workers(),
                place.folder(),
                List.of(place.network().coordinatorHost() + ":" + port),
                secret,
                1,
                place.memoryBytes(),
                Duration.ZERO,
                keys,
                place.engine(),
                LogFormat.TEXT));
        Map<String, String> environment = new HashMap<>(commandLine.environment());
        for (int i = 0; i < place.workers(); i++) {
            String id = "w" + (i + 1);
            List<String> command = new ArrayList<>(place.network().workerPrefix(i));
            command.addAll(commandLine.arguments(id));
            command.addAll(List.of("--host", place.network().workerHost(i)));
            command.addAll(List.of("--watched", place.watched().toString()));
            workers.add(process(id, command, environment, id + ".log"));
        }
    }

    /** Starts all processes. */
    static Fleet start(Place place) throws IOException {
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, task -> {
            Thread thread = new Thread(task, "chaos-timer");
            thread.setDaemon(true);
            return thread;
        });
        Fleet fleet = new Fleet(place, timer);
        fleet.coordinator.start();
        fleet.workers.forEach(FleetProcess::start);
        return fleet;
    }

    private FleetProcess process(String name, List<String> command, Map<String, String> environment, String output) {
        Path folder = place.watched();
        return new FleetProcess(command, environment, folder.resolve(output), folder.resolve(name + ".err"), timer);
    }

    private List<String> coordinator(int port, @Nullable Path keys) {
        List<String> command = new ArrayList<>(place.network().coordinatorPrefix());
        command.addAll(IsofleetCommandLine.of(List.of(
                "coordinator",
                place.study(),
                "--json",
                "--out",
                place.folder().toString(),
                "--host",
                place.network().coordinatorHost(),
                "--port",
                Integer.toString(port))));
        if (keys != null) {
            command.addAll(List.of("--keys", keys.toString()));
        }
        return command;
    }

    Place place() {
        return place;
    }

    FleetProcess coordinator() {
        return coordinator;
    }

    List<FleetProcess> workers() {
        return List.copyOf(workers);
    }

    FleetProcess worker(int number) {
        return workers.get(number);
    }

    /** All processes by the role that they play. */
    Map<String, FleetProcess> processes() {
        Map<String, FleetProcess> processes = new LinkedHashMap<>();
        processes.put("coordinator", coordinator);
        for (int i = 0; i < workers.size(); i++) {
            processes.put("w" + (i + 1), workers.get(i));
        }
        return processes;
    }

    /** What {@code study --json} answers, once the study has ended. */
    Optional<JsonNode> answer() throws IOException {
        Path file = place.watched().resolve(ANSWER);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("{"))
                .flatMap(line -> parse(line).stream())
                .findFirst();
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            return Optional.of(LiveJson.mapper().readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // still being written, or its writer was killed
        }
    }

    /** The last line that the coordinator wrote to standard error. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(place.watched().resolve("coordinator.err"));
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    /** Kills all processes. */
    @Override
    public void close() {
        workers.forEach(FleetProcess::close);
        coordinator.close();
        timer.shutdownNow();
    }
}
