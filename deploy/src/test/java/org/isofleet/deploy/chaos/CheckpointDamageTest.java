package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.checkpoint.ManifestSeal;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDamageTest {
    private static final String RUN = "0123456789abcdef";
    private static final byte[] CONTENT = new byte[1000];

    @TempDir
    Path root = Path.of("");

    private CheckpointDamage damage = new CheckpointDamage(root, Map.of());

    @BeforeEach
    void writeTwoCheckpoints() throws Exception {
        damage = new CheckpointDamage(root, Map.of(RUN, 30L));
        write(10);
        write(20);
    }

    private CheckpointRef write(long step) throws Exception {
        CheckpointRef checkpoint = CheckpointFolders.reference(new RunId(RUN), step, "a".repeat(64));
        Path folder = Files.createDirectories(new CheckpointFolders(root).folder(checkpoint));
        String manifest = "{\"runId\": \"%s\", \"step\": %d, \"generation\": 1}".formatted(RUN, step);
        Files.write(
                folder.resolve(CheckpointFolders.MANIFEST),
                ManifestSeal.seal(manifest.getBytes(StandardCharsets.UTF_8)));
        Files.write(folder.resolve(CheckpointFolders.PARAMETERS), CONTENT);
        Files.write(folder.resolve(CheckpointFolders.MOMENTS), CONTENT);
        return checkpoint;
    }

    @Test
    void newest_isTheOneOfTheHighestStep_butNeverTheLastOfTheRun() throws Exception {
        assertThat(damage.newest(RUN)).get().extracting(CheckpointRef::step).isEqualTo(20L);
        write(30);
        assertThat(damage.newest(RUN)).isEmpty();
        assertThat(damage.newest("fedcba9876543210")).isEmpty();
    }

    @Test
    void corrupt_changesOneBitOfOneFile() throws Exception {
        for (long key : new long[] {0, 8, -1, Long.MIN_VALUE, 123_456_789_012_345L}) {
            CheckpointRef checkpoint = write(20);
            damage.corrupt(checkpoint, key);
            int bits = 0;
            for (String name : new String[] {CheckpointFolders.PARAMETERS, CheckpointFolders.MOMENTS}) {
                for (byte value : content(checkpoint, name)) {
                    bits += Integer.bitCount(value & 0xff);
                }
            }
            assertThat(bits).isEqualTo(1);
        }
    }

    @Test
    void truncate_takesTheEndOfOneFile() throws Exception {
        for (long key : new long[] {0, 8, -1, 123_456_789_012_345L}) {
            CheckpointRef checkpoint = write(20);
            damage.truncate(checkpoint, key);
            int parameters = content(checkpoint, CheckpointFolders.PARAMETERS).length;
            int moments = content(checkpoint, CheckpointFolders.MOMENTS).length;
            assertThat(Math.max(parameters, moments)).isEqualTo(CONTENT.length);
            assertThat(Math.min(parameters, moments)).isLessThan(CONTENT.length);
            assertThat(Arrays.copyOf(CONTENT, parameters)).isEqualTo(content(checkpoint, CheckpointFolders.PARAMETERS));
        }
    }

    private byte[] content(CheckpointRef checkpoint, String name) throws Exception {
        return Files.readAllBytes(new CheckpointFolders(root).folder(checkpoint).resolve(name));
    }
}
