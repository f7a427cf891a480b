package org.isofleet.deploy.bits;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Processes of two coordinators and two workers in one study folder, and a real PostgreSQL. Closing it kills them all. */
final class TwoCoordinators implements AutoCloseable {
    private final Path study;
    private final Path folder;
    private final EmbeddedPostgres server;
    private final List<Integer> ports = List.of(freePort(), freePort());
    private final List<StudyProcess> processes = new ArrayList<>();

    TwoCoordinators(Path study, Path folder) throws IOException {
        this.study = study;
        this.folder = Files.createDirectory(folder);
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start();
    }

    StudyProcess coordinator(int number) throws IOException {
        return started(StudyProcess.start(
                folder,
                Map.of(),
                "coordinator",
                study.toString(),
                "--json",
                "--out",
                folder.toString(),
                "--port",
                Integer.toString(ports.get(number)),
                "--network",
                "lan",
                "--journal",
                server.getJdbcUrl("postgres", "postgres")));
    }

    /** A worker that dials both, the second coordinator first. */
    StudyProcess worker(String id) throws IOException {
        return started(StudyProcess.start(
                folder,
                Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1"),
                "worker",
                "--id",
                id,
                "--secret-file",
                folder.resolve("secret").toString(),
                "--coordinator",
                "127.0.0.1:" + ports.get(1),
                "--coordinator",
                "127.0.0.1:" + ports.get(0)));
    }

    private StudyProcess started(StudyProcess process) {
        processes.add(process);
        return process;
    }

    @Override
    public void close() throws IOException {
        processes.forEach(StudyProcess::close);
        server.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
