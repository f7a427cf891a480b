package org.isofleet.worker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.isofleet.worker.engine.FlatVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedMemoryTest {
    private final long token = ThreadLocalRandom.current().nextLong();

    @AfterEach
    void delete() {
        SharedMemory.delete(token);
    }

    @Test
    void vector_mappedTwice_isTheSameMemoryAlsoWhenItsNameIsGone() {
        FlatVector mine = Objects.requireNonNull(SharedMemory.create(token, 5_000));
        FlatVector theirs = Objects.requireNonNull(SharedMemory.open(token, 5_000));
        SharedMemory.delete(token);
        mine.set(4_999, 2.5f);
        assertThat(theirs.get(4_999)).isEqualTo(2.5f);
        assertThat(theirs.get(0)).isZero();
        assertThat(SharedMemory.open(token, 5_000)).isNull();
    }

    @Test
    void vector_ofAnotherLength_isNotTaken() {
        assertThat(SharedMemory.create(token, 5_000)).isNotNull();
        assertThat(SharedMemory.open(token, 5_001)).isNull();
    }

    @Test
    void vector_thatIsLarge_goesThroughTheConnection() {
        assertThat(SharedMemory.create(token, 1L << 30)).isNull();
    }

    @Test
    void folder_thatOthersCanEnterOrThatIsALink_isNotOurs(@TempDir Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertThat(SharedMemory.isOurs(folder)).isTrue();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        assertThat(SharedMemory.isOurs(link)).isFalse();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(SharedMemory.isOurs(folder)).isFalse();
    }
}
