package org.isofleet.deploy.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorSettings;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.deploy.launch.LoopbackPort;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.node.LocalParts;
import org.isofleet.worker.node.WorkerNode;
import org.isofleet.worker.node.WorkerSettings;

/**
 * A study of a second, from its file to its report, with the coordinator and a group of two workers in this process: it has the JVM load what
 * either of them loads, so that all of it can be archived ({@link org.isofleet.deploy.launch.ClassArchive}).
 */
public final class Rehearsal {
    private static final String HOST = "127.0.0.1";
    private static final long MEMORY_BYTES = 1L << 30;

    /** The archive took 98 MiB, the study takes less than one, and a coordinator that finds no room would wait for it. */
    private static final long ROOM_BYTES = 200L << 20;

    private static final String STUDY = """
            name = rehearsal
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [2e9]
            models = ["1x8"]
            batch = 2
            optimizer { learning-rate = 0.025, beta2 = 0.99 }
            limits { fit-min-steps = 50, min-steps = 50, fit-head-dominated = true }
            checkpoint-every = 100
            evaluation { held-out-images = 32, probe-images = 128, completions = 4, references = 64 }
            """;

    private Rehearsal() {}

    /**
     * Runs it.
     *
     * @param folder for the study; empty
     * @throws InvalidSpecException when its disk has no room for the study and the archive
     */
    public static StudyView run(Path folder) throws IOException {
        requireRoom(folder, ROOM_BYTES);
        Path file = Files.writeString(folder.resolve("rehearsal.conf"), STUDY);
        Path study = Files.createDirectory(folder.resolve("study"));
        String secret = ClusterSecret.of(study);
        int port = LoopbackPort.free();
        LocalStudy rehearsed = new LocalStudy(
                StudyPlans.onLocalImages(StudySource.open(file.toString())),
                new LocalStudy.Settings(
                        study,
                        0,
                        1,
                        MEMORY_BYTES,
                        HOST,
                        port,
                        new JournalSettings.Embedded(),
                        CoordinatorSettings.NetworkProfile.LAN,
                        null,
                        null,
                        List.of(),
                        LogFormat.TEXT,
                        true));
        try (WorkerNode first = worker("w1", port, secret);
                WorkerNode second = worker("w2", port, secret)) {
            return rehearsed.run();
        }
    }

    static void requireRoom(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        require(
                free >= bytes,
                "an archive of classes takes up to %d MiB, and the disk of %s has %d MiB left",
                bytes >> 20,
                folder,
                free >> 20);
    }

    /** Workers dial until somebody answers, so they may be there before their coordinator. */
    private static WorkerNode worker(String id, int port, String secret) {
        WorkerSettings settings =
                new WorkerSettings(id, List.of(HOST + ":" + port), HOST, 0, 0, secret, 1, MEMORY_BYTES, Duration.ZERO);
        return WorkerNode.start(settings, LocalParts.of(settings, EngineChoice.DEFAULT));
    }
}
