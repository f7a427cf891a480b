package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointsCsvTest {
    private static final PointsCsv COLUMNS = new PointsCsv("c", "n", "d", "loss", List.of("set"));

    @TempDir
    private Path folder;

    @Test
    void groups_comeInOrderOfAppearanceWithLineNumbersAsLabels() throws IOException {
        Path file = write("set,c,n,d,loss\nb,1e6,1000,166,3.5\n\"a,x\",1e6,1000,166,3.25\nb,2e6,1000,333,3\n");
        Map<Map<String, String>, List<Observation>> groups = COLUMNS.read(file);
        assertThat(groups.keySet()).containsExactly(Map.of("set", "b"), Map.of("set", "a,x"));
        assertThat(groups.get(Map.of("set", "b")))
                .containsExactly(new Observation("2", 1e6, 1000, 166, 3.5), new Observation("4", 2e6, 1000, 333, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set,c,n,d,loss;a,1e6,1000,166,abc      | :2: column 'loss' holds 'abc', not a number",
                "set,c,n,d,loss;a,1e6,1000,166,         | :2: column 'loss' holds '', not a number",
                "set,c,n,d,loss;a,1e6,-1,166,3          | :2: the parameters of a point must be",
                "set,c,n,d,loss;a,1e6,1000,166,NaN      | :2: the metric of a point must be a finite number",
                "set,c,n,d,value;a,1e6,1000,166,3       | :1: no column 'loss'; there are set, c, n, d, value",
                "set,c,n,d,loss                         | no points",
                "set,c,n,d,loss,loss_protocol;a,1e6,1000,166,3,x;b,1e6,1000,166,3,y;a,1e6,1000,166,3,y | :4: loss was measured by 'y', above by 'x'; those never share a curve: remove one, or add loss_protocol to --group",
                "set,c,n,d,loss;a,1e6,1000              | :2: 3 fields, the header has 5",
            })
    void badFile_isRefusedInOneLineWithFileLineAndMend(String content, String expected) throws IOException {
        Path file = write(content.strip().replace(';', '\n') + "\n");
        assertThatThrownBy(() -> COLUMNS.read(file))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(expected)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void missingFileFolderAndBinaryFile_areRefusedInOneLine() throws IOException {
        Path binary = folder.resolve("binary.csv");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xc3, 0x28, '\n', (byte) 0xc3, 0x28});
        for (Path file : List.of(folder.resolve("nowhere.csv"), folder, binary)) {
            assertThatThrownBy(() -> COLUMNS.read(file))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageStartingWith(file.toString());
        }
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("points.csv"), content, StandardCharsets.UTF_8);
    }
}
