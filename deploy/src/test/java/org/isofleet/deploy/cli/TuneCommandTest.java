package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TuneCommandTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void studyWithoutGrid_isToldWhereToFindOne() throws Exception {
        Path study = Files.writeString(folder.resolve("s.conf"), "name = s\nbudgets = [2e10]\nmodels = [2x8]\n");
        assertThat(tune(study.toString())).isEqualTo(2);
        assertThat(err.toString().strip())
                .doesNotContain("\n")
                .contains("tune is missing")
                .contains("plan --reference");
    }

    @Test
    void tuningThatExists_isNotOverwritten() throws Exception {
        Path out = Files.writeString(folder.resolve("t.json"), "cited");
        assertThat(tune("demo", "--out", out.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("exists, and a study may cite it");
        assertThat(out).hasContent("cited");
    }

    private int tune(String... arguments) {
        return new CommandLine(new TuneCommand())
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, parsed) -> OneLineErrors.failed(e, command, false))
                .execute(arguments);
    }
}
