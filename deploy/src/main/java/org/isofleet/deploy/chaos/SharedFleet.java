package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorSettings.NetworkProfile;
import org.isofleet.deploy.launch.IsofleetCommandLine;
import org.isofleet.deploy.launch.LocalFleet;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.deploy.launch.LoopbackPort;
import org.isofleet.deploy.launch.WorkerCommandLine;
import org.isofleet.deploy.study.ClusterSecret;
import org.isofleet.protocol.study.EngineChoice;

/** Coordinators that share a journal, and workers that dial all of them, each a process of its own that comes back whenever it ends. */
final class SharedFleet implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Place place;
    private final List<FleetProcess> coordinators = new ArrayList<>();
    private final List<FleetProcess> workers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, task -> {
        Thread thread = new Thread(task, "shared-fleet-timer");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * What a fleet is made of.
     *
     * @param study file of the study
     * @param folder of the study
     * @param watched where workers put their traces and processes their output
     * @param journal that the coordinators share
     * @param memoryBytes that a run may use in each worker
     */
    record Place(
            Path study,
            Path folder,
            Path watched,
            JournalSettings.PostgreSql journal,
            NetworkProfile profile,
            int coordinators,
            int workers,
            long memoryBytes) {}

    /** A fleet of which nothing is started yet. */
    SharedFleet(Place place) throws IOException {
        this.place = place;
        Files.createDirectories(place.folder());
        Files.createDirectories(place.watched());
        String secret = ClusterSecret.of(place.folder());
        for (int i = 0; i < place.coordinators(); i++) {
            int port = LoopbackPort.free();
            ports.add(port);
            coordinators.add(process("coordinator-" + i, coordinatorCommand(port), Map.of()));
        }
        WorkerCommandLine commandLine = new WorkerCommandLine(new LocalFleet(
                place.workers(),
                place.folder(),
                ports.stream().map(port -> HOST + ":" + port).toList(),
                secret,
                1,
                place.memoryBytes(),
                Duration.ZERO,
                null,
                EngineChoice.DEFAULT,
                LogFormat.TEXT));
        for (int i = 1; i <= place.workers(); i++) {
            String id = "w" + i;
            List<String> command = new ArrayList<>(commandLine.arguments(id));
            command.addAll(List.of("--watched", place.watched().toString()));
            workers.add(process(id, command, commandLine.environment()));
        }
    }

    private FleetProcess process(String name, List<String> command, Map<String, String> environment) {
        Path folder = place.watched();
        return new FleetProcess(
                command, environment, folder.resolve(name + ".out"), folder.resolve(name + ".err"), timer);
    }

    private List<String> coordinatorCommand(int port) {
        return IsofleetCommandLine.of(List.of(
                "coordinator",
                place.study().toString(),
                "--json",
                "--out",
                place.folder().toString(),
                "--port",
                Integer.toString(port),
                "--journal",
                place.journal().url(),
                "--network",
                place.profile().name().toLowerCase(Locale.ROOT)));
    }

    FleetProcess coordinator(int number) {
        return coordinators.get(number);
    }

    /** How the address of a coordinator ends. */
    String address(int number) {
        return HOST + ":" + ports.get(number);
    }

    FleetProcess worker(int number) {
        return workers.get(number);
    }

    void startWorkers() {
        workers.forEach(FleetProcess::start);
    }

    /** Kills all processes. */
    @Override
    public void close() {
        workers.forEach(FleetProcess::close);
        coordinators.forEach(FleetProcess::close);
        timer.shutdownNow();
    }
}
