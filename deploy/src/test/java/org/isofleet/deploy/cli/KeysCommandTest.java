package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.deploy.cli.Refusal.refused;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    @TempDir
    Path temp = Path.of("");

    @Test
    void initAndRenew_sayWhatToDo_andASecondInitIsRefused() throws Exception {
        Path keys = temp.resolve("keys");
        assertThat(Call.of("keys", "init", keys)).satisfies(call -> {
            assertThat(call.code()).as(call.err()).isZero();
            assertThat(call.out()).contains("--keys " + keys).contains("ca.key").hasLineCount(1);
        });
        String before = Files.readString(keys.resolve("node.pem"));
        assertThat(Call.of("keys", "renew", keys, "--days", 30).code()).isZero();
        assertThat(Files.readString(keys.resolve("node.pem"))).isNotEqualTo(before);
        refused(List.of("is not empty", "keys renew"), "keys", "init", keys);
    }

    @Test
    void badInput_isRefusedInOneLine() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");
        refused(List.of("is a file"), "keys", "init", file);
        refused(List.of("--days", "1 to 3650"), "keys", "init", temp.resolve("keys"), "--days", 0);
        refused(List.of("ca.pem is missing"), "keys", "renew", temp.resolve("nothing"));
        refused(List.of("--days"), "keys", "init", temp.resolve("keys"), "--days", "many");
        assertThat(temp.resolve("keys")).doesNotExist();
    }

    @Test
    void nodeThatOthersCanReach_isRefusedWithoutKeys() throws Exception {
        Path secret = Files.writeString(temp.resolve("secret"), "a secret of 16 letters and more");
        refused(
                List.of("--host: 0.0.0.0", "isofleet keys init", "--keys DIR"),
                "worker",
                "--id",
                "w1",
                "--coordinator",
                "127.0.0.1:1",
                "--host",
                "0.0.0.0",
                "--secret-file",
                secret);
        refused(
                List.of("--host: 0.0.0.0", "--keys DIR"),
                "coordinator",
                "demo",
                "--host",
                "0.0.0.0",
                "--out",
                temp.resolve("out"));
        refused(
                List.of("node.pem is missing", "isofleet keys init"),
                "coordinator",
                "demo",
                "--keys",
                temp.resolve("nothing"),
                "--out",
                temp.resolve("out"));
        assertThat(temp.resolve("out")).doesNotExist();
    }
}
