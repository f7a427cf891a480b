package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WorkerMemoryTest {
    @TempDir
    Path folder;

    @Test
    void worker_hasTheMemoryItWasGiven_beyondItsHeap() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "a secret of some length");
        JavaProcess worker = JavaProcess.run(
                folder,
                "100m",
                GreedyWorker.class,
                "worker",
                "--id",
                "greedy",
                "--coordinator",
                "127.0.0.1:1",
                "--secret-file",
                secret.toString(),
                "--memory",
                "900MiB",
                "--orphan-timeout",
                "1s");
        assertThat(worker.lines())
                .contains("granted 134217728")
                .anySatisfy(line -> assertThat(line).startsWith("refused: "));
        assertThat(worker.code()).isZero();
    }
}
