package org.isofleet.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a script in the tool's place, which answers as it does. */
class NvidiaSmiTest {
    @TempDir
    Path temp = Path.of("");

    @Test
    void gpus_areListedAsTheDriverTells() throws Exception {
        install("""
                case "$1" in *compute_cap) ;; *) exit 2 ;; esac
                [ "$2" = --format=csv,noheader,nounits ] || exit 3
                echo "0, NVIDIA H200, 580.65.06, 143771, 143000, 9.0"
                echo "1, Tesla V100-SXM2-32GB, 580.65.06, 32768, [N/A], 7.0"
                """);
        NvidiaSmi.Findings found = NvidiaSmi.onPath("/nowhere:" + temp);
        assertThat(found.note()).isNull();
        assertThat(found.gpus())
                .containsExactly(
                        new Gpu(0, "NVIDIA H200", "580.65.06", "9.0", 143771L << 20, 143000L << 20),
                        new Gpu(1, "Tesla V100-SXM2-32GB", "580.65.06", "7.0", 32768L << 20, 0));
    }

    @Test
    void oldDriver_isAskedAgainWithoutTheCapability() throws Exception {
        install("""
                case "$1" in *compute_cap) echo 'Field "compute_cap" is not a valid field to query.'; exit 2 ;; esac
                echo "0, Tesla T4, 460.32.03, 15109, 15000"
                """);
        assertThat(NvidiaSmi.onPath(temp.toString()).gpus())
                .containsExactly(new Gpu(0, "Tesla T4", "460.32.03", null, 15109L << 20, 15000L << 20));
    }

    @Test
    void whatGoesWrong_isSaidInsteadOfGpus() throws Exception {
        assertThat(NvidiaSmi.onPath("/nowhere").gpus()).isEmpty();
        assertThat(NvidiaSmi.onPath("/nowhere").note()).isNotBlank();
        install("echo 'NVIDIA-SMI has failed because it could not communicate with the driver.'; exit 9");
        assertThat(NvidiaSmi.onPath(temp.toString()).note()).contains("could not communicate");
        install("echo something else");
        assertThat(NvidiaSmi.onPath(temp.toString()).note()).contains("could not be understood", "something else");
        install("exit 0");
        assertThat(NvidiaSmi.onPath(temp.toString()).note()).contains("knows of no GPU");
    }

    private void install(String body) throws IOException {
        Path program = temp.resolve("nvidia-smi");
        Files.writeString(program, "#!/bin/sh\n" + body);
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }
}
