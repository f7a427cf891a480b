package org.isofleet.deploy.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsFileTest {
    @TempDir
    Path temp = Path.of("");

    private Path file(String text) throws IOException {
        return Files.writeString(temp.resolve("hosts.conf"), text);
    }

    @Test
    void hosts_takeWhatTheyDoNotSayFromTheFile_inItsOrder() throws IOException {
        HostsFile hosts = HostsFile.read(file("""
                keys = k
                slots = 2
                memory = 1GiB
                hosts {
                  zebra { address = 10.0.0.1 }
                  ant { ssh = "me@ant.example", slots = 3, threads = 4, folder = /data/isofleet }
                }
                """));
        assertThat(hosts.hosts())
                .containsExactly(
                        new Host("zebra", "zebra", "10.0.0.1", "isofleet", "java", 2, 1, 1 << 30),
                        new Host("ant", "me@ant.example", "ant.example", "/data/isofleet", "java", 3, 4, 1 << 30));
        assertThat(hosts.coordinator().name()).isEqualTo("zebra");
        assertThat(hosts.keys()).isEqualTo(temp.toAbsolutePath().resolve("k"));
        assertThat(hosts.port()).isEqualTo(7700);
        assertThat(hosts.named(List.of("ant"))).extracting(Host::name).containsExactly("ant");
    }

    @Test
    void linesThatAreAdded_addAHost() throws IOException {
        Path file = file("hosts { a { address = 127.0.0.1 } }");
        assertThat(HostsFile.read(file, "\nhosts.\"b\" { address = \"127.0.0.1\", slots = \"2\" }\n")
                        .hosts())
                .extracting(Host::slots)
                .containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hosts { }                                               | hosts.conf: hosts: name at least one, as hosts { gpu1 {} }
            keys = k, slot = 2, hosts { a { } }                     | hosts.conf:1: unknown key 'slot'; did you mean 'slots'?
            keys = k, hosts { a { slotz = 2 } }                     | hosts.conf:1: unknown key 'hosts.a.slotz'; did you mean 'hosts.a.slots'?
            keys = k, hosts { a { slots = many } }                  | hosts.conf:1: hosts.a.slots must be a number without unit
            keys = k, coordinator = b, hosts { a { } }              | hosts.conf: coordinator: 'b' is none of the hosts; name one
            hosts { a { } }                                         | hosts.conf: a can be reached from other machines
            keys = k, hosts { a { ssh = "-oProxyCommand=x" } }      | hosts.conf:1: hosts.a: ssh: '-oProxyCommand=x' is nothing that ssh connects to
            keys = k, hosts { "a;rm" { } }                          | a host's name is up to 40 letters
            keys = k, hosts { a { folder = "$(x)" } }               | folder: '$(x)' must be a path of letters
            keys = k, port = 70000, hosts { a { } }                 | hosts.conf: port: a port lies in 1 to 65535, not 70000
            keys = k, hosts { a {                                   | hosts.conf:1: the bracket that is opened here is never closed
            """)
    void whatMakesNoSense_isNamedWithItsPlace(String text, String line) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> HostsFile.read(file))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(line)
                .hasMessageNotContaining("\n");
    }

    @Test
    void wordsForAShell_standAsTheyAre() throws Exception {
        String word = "it's $(hostname) `x` \\ \"y\" ;&| *\n z";
        Process shell = new ProcessBuilder("sh", "-c", "printf %s " + HostScript.quoted(word)).start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(word);
    }
}
