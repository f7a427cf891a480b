package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RehearseCommandTest {
    @TempDir
    Path temp = Path.of("");

    /** Whoever waits for the archive gets it, or goes on without. */
    @Test
    void rehearsalThatDoesNotEnd_isGivenUp() throws Exception {
        JavaProcess ended =
                JavaProcess.run(temp, "1g", Isofleet.class, "rehearse", temp.toString(), "--limit", "100ms");
        assertThat(ended.code()).isEqualTo(OneLineErrors.FAILED);
        assertThat(ended.lines()).contains("isofleet: the rehearsal did not end within 100ms");
    }
}
