package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OutOfMemoryTest {
    @TempDir
    Path folder;

    @Test
    void pointsBeyondTheHeap_areOneLineThatNamesTheMend() throws Exception {
        Path points = folder.resolve("points.csv");
        Files.writeString(points, "c,n,d,loss\n");
        Files.write(
                points, Collections.nCopies(1_000_000, "1e19,2e6,3e9,3.25"), java.nio.file.StandardOpenOption.APPEND);
        JavaProcess fit = JavaProcess.run(
                folder,
                "24m",
                Isofleet.class,
                "fit",
                points.toString(),
                "--budget",
                "c",
                "--params",
                "n",
                "--tokens",
                "d",
                "--metric",
                "loss",
                "--method",
                "akima");
        assertThat(fit.lines())
                .singleElement()
                .asString()
                .startsWith("isofleet: not enough memory")
                .contains("JAVA_OPTS=-Xmx");
        assertThat(fit.code()).isEqualTo(1);
    }
}
