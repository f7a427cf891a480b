package org.isofleet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.EngineChoice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLauncherTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final List<LocalLauncher> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(LocalLauncher::close);
    }

    private LocalLauncher launcher(int workers, int threads) {
        LocalFleet fleet = new LocalFleet(
                workers,
                folder,
                List.of("127.0.0.1:1"),
                "a secret",
                threads,
                1L << 30,
                Duration.ofSeconds(60),
                null,
                EngineChoice.DEFAULT,
                LogFormat.TEXT);
        LocalLauncher launcher = LocalLauncher.start(fleet, StandInWorker.class.getName());
        open.add(launcher);
        return launcher;
    }

    private String log(String worker) throws IOException {
        return Files.readString(folder.resolve("logs").resolve(worker + ".log"));
    }

    private static ProcessHandle process(LocalWorker worker) {
        return ProcessHandle.of(worker.pid()).orElseThrow();
    }

    @Test
    void workers_areStartedEachWithItsLog_andEndWithTheLauncher() throws IOException {
        LocalLauncher launcher = launcher(2, 3);
        await().atMost(LONG)
                .until(() -> log("w1").contains("started") && log("w2").contains("started"));
        assertThat(log("w2"))
                .contains("worker, --id, w2, --coordinator, 127.0.0.1:1, --threads, 3")
                .contains("--engine, dl4j, --precision, fp32")
                .contains("secret of 8 letters, OMP 1")
                .doesNotContain("a secret");
        List<ProcessHandle> processes =
                launcher.workers().stream().map(LocalLauncherTest::process).toList();
        assertThat(processes).hasSize(2).allMatch(ProcessHandle::isAlive);
        launcher.close();
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(folder.resolve("workers")).isEmptyDirectory();
    }

    @Test
    void killedWorker_isStartedAnew() {
        LocalLauncher launcher = launcher(1, 1);
        long first = launcher.workers().get(0).pid();
        process(launcher.workers().get(0)).destroyForcibly();
        await().atMost(LONG).until(() -> {
            LocalWorker worker = launcher.workers().get(0);
            return worker.alive() && worker.pid() != first && worker.starts() == 2;
        });
    }

    @Test
    void workerOfAKilledLauncher_isAdopted() {
        LocalLauncher first = launcher(1, 1);
        LocalWorker left = first.workers().get(0);
        first.abandon();
        LocalLauncher next = launcher(1, 1);
        assertThat(next.workers()).containsExactly(new LocalWorker("w1", left.pid(), true, 0));
        process(left).destroyForcibly();
        await().atMost(LONG).until(() -> next.workers().get(0).starts() == 1);
    }

    @Test
    void workerOfOtherSettings_isReplaced() {
        LocalLauncher first = launcher(1, 1);
        LocalWorker left = first.workers().get(0);
        first.abandon();
        LocalLauncher next = launcher(1, 2);
        await().atMost(LONG).until(() -> next.workers().get(0).starts() == 1);
        assertThat(ProcessHandle.of(left.pid())).isEmpty();
        assertThat(next.workers().get(0).alive()).isTrue();
    }

    @Test
    void stoppedWorkerOfOtherSettings_isReplacedAllTheSame() throws Exception {
        LocalLauncher first = launcher(1, 1);
        LocalWorker left = first.workers().get(0);
        await().atMost(LONG).until(() -> log("w1").contains("started"));
        first.abandon();
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(left.pid()))
                        .start()
                        .waitFor())
                .isZero();
        LocalLauncher next = launcher(1, 2);
        try {
            await().atMost(LONG).until(() -> next.workers().get(0).starts() == 1);
        } finally {
            ProcessHandle.of(left.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void workerThatCannotBeWrittenDown_isStartedOnce() throws IOException {
        Path record = Files.createDirectories(folder.resolve("workers")).resolve("w1.process");
        Files.createDirectories(record.resolve("in the way"));
        LocalLauncher launcher = launcher(1, 1);
        LocalWorker worker = launcher.workers().get(0);
        assertThat(worker.alive()).isTrue();
        process(worker).destroyForcibly();
        await().atMost(LONG).until(() -> launcher.workers().get(0).starts() == 2);
        assertThat(launcher.workers().get(0).pid()).isNotEqualTo(worker.pid());
    }

    @Test
    void reusedProcessNumber_isNotAdopted() throws IOException {
        long self = ProcessHandle.current().pid();
        Path record = Files.createDirectories(folder.resolve("workers")).resolve("w1.process");
        new ProcessRecord(self, 1, "digest").write(record);
        LocalWorker worker = launcher(1, 1).workers().get(0);
        assertThat(worker.pid()).isNotEqualTo(self);
        assertThat(worker.starts()).isEqualTo(1);
    }

    @Test
    void damagedRecord_isNoObstacle() throws IOException {
        Path record = Files.createDirectories(folder.resolve("workers")).resolve("w1.process");
        Files.writeString(record, "12 nonsense");
        assertThat(launcher(1, 1).workers().get(0).starts()).isEqualTo(1);
    }
}
