package org.isofleet.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class DiskFullTest {
    @Test
    void fullDisk_underLayersOfOtherErrors_isSeen() {
        FileSystemException full = new FileSystemException("/study/journal", null, "No space left on device");
        assertThat(DiskFull.isBehind(full)).isTrue();
        assertThat(DiskFull.isBehind(
                        new IllegalStateException("the journal failed", new UncheckedIOException("write", full))))
                .isTrue();
        assertThat(DiskFull.isBehind(new IOException("Disk quota exceeded"))).isTrue();
    }

    @Test
    void otherErrors_evenWithoutAMessage_areNot() {
        assertThat(DiskFull.isBehind(new IOException("Permission denied"))).isFalse();
        assertThat(DiskFull.isBehind(new IllegalStateException())).isFalse();
    }
}
