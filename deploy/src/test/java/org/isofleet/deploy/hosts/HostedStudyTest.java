package org.isofleet.deploy.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.isofleet.deploy.study.StudySource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostedStudyTest {
    private static final Path STUDIES = Path.of("studies");

    @TempDir
    Path temp = Path.of("");

    /** Here it is in braces and cites a file of another folder; there all lies in one folder. */
    @Test
    void study_isTheSameThere_howeverItIsWrittenHere() throws Exception {
        Path here = Files.createDirectories(temp.resolve("here/studies"));
        Files.copy(STUDIES.resolve("fashion-tune.tuning.json"), temp.resolve("here/some.json"));
        String given = Files.readString(STUDIES.resolve("fashion-16.conf"))
                .replace("\"fashion-tune.tuning.json\"", "\"../some.json\"");
        Path study = Files.writeString(here.resolve("braced.conf"), "{\n" + given + "\n}\n");

        HostedStudy hosted = HostedStudy.open(study.toString());

        assertThat(hosted.files()).containsOnlyKeys("source/study.conf", "source/cited.tuning.json");
        Path there = Files.createDirectories(temp.resolve("there/source"));
        for (Map.Entry<String, byte[]> file : hosted.files().entrySet()) {
            Files.write(temp.resolve("there").resolve(file.getKey()), file.getValue());
        }
        StudySource placed = StudySource.open(there.resolve("study.conf").toString());
        StudySource source = StudySource.open(study.toString());
        assertThat(placed.rule()).isEqualTo(source.rule());
        assertThat(placed.spec())
                .usingRecursiveComparison()
                .ignoringFields("optimizer.rate")
                .isEqualTo(source.spec());
    }
}
