package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    Path folder = Path.of("");

    /** On a full disk its coordinator would wait for room, and whoever builds for it. */
    @Test
    void diskWithoutRoom_isRefused() {
        assertThatThrownBy(() -> Rehearsal.requireRoom(folder, Long.MAX_VALUE))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("an archive of classes takes up to")
                .hasMessageContaining(folder.toString());
        assertThatCode(() -> Rehearsal.requireRoom(folder, 1)).doesNotThrowAnyException();
    }
}
