package org.isofleet.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.deploy.launch.CoreSets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from the system's own files and devices. */
class MachineTest {
    @TempDir
    Path temp = Path.of("");

    @Test
    void processor_tellsWhatItHasAndWhatItLacks() {
        Processor processor = Processor.parse(
                List.of(
                        "processor\t: 0",
                        "model\t\t: 143",
                        "model name\t: Some Xeon: gold",
                        "flags\t\t: fpu avx avx2 fma avx512f avx512_bf16 amx_tile",
                        "model name\t: of the second"),
                8);
        assertThat(processor.name()).isEqualTo("Some Xeon: gold");
        assertThat(processor.cores()).isEqualTo(8);
        assertThat(processor.instructions()).containsExactly("AVX2", "FMA", "AVX-512", "AVX512_BF16", "AMX");
        assertThat(processor.missing()).containsExactly("AVX512_VNNI", "AMX_BF16");
        assertThat(Processor.here().cores()).isPositive();
    }

    @Test
    void memory_isLimitedByTheControlGroupOnlyWhereThatIsLess() {
        assertThat(HostMemory.of(100, 60, 100, 10)).isEqualTo(new HostMemory(100, 60, null));
        assertThat(HostMemory.of(100, 60, 50, 10)).isEqualTo(new HostMemory(100, 10, 50L));
        assertThat(HostMemory.of(100, 5, 50, 10)).isEqualTo(new HostMemory(100, 5, 50L));
        assertThat(HostMemory.bytes(List.of("MemFree: 1 kB", "MemTotal:   24683620 kB"), "MemTotal"))
                .isEqualTo(24683620L << 10);
        HostMemory here = HostMemory.here();
        assertThat(here.availableBytes()).isBetween(1L, here.totalBytes());
    }

    @Test
    void threads_ofAFleetThatFillsTheMachine_haveACoreEach() {
        assertThat(SlotThreads.filling(new CoreSets(List.of(2, 5)), 2))
                .containsExactly(new SlotThreads("w1", 1, "2", 1), new SlotThreads("w2", 1, "5", 1));
        assertThat(SlotThreads.filling(new CoreSets(List.of()), 2))
                .extracting(SlotThreads::cores)
                .containsOnly("");
    }

    @Test
    void disk_ofAFolderThatIsNotThereYet_isThatOfItsNearestFolder() throws Exception {
        Surroundings.Disk disk = Surroundings.disk("studies", temp.resolve("not/yet"));
        assertThat(disk.problem()).isNull();
        assertThat(disk.freeBytes())
                .isCloseTo(Files.getFileStore(temp).getUsableSpace(), org.assertj.core.data.Offset.offset(1L << 30));
        Path file = Files.writeString(temp.resolve("file"), "");
        assertThat(Surroundings.disk("studies", file.resolve("below")).problem())
                .contains(file + " is no folder");
    }

    @Test
    void loopback_worksHere_andAnAddressOfNobodyIsTold() throws Exception {
        assertThat(Surroundings.loopback(InetAddress.getLoopbackAddress())).isNull();
        assertThat(Surroundings.loopback(
                        InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}))) // RFC 5737: nobody's
                .contains("192.0.2.1")
                .contains("ip link set lo up");
    }
}
