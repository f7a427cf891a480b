package org.isofleet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    private static final int DAMAGES = 12;
    private static final int DAMAGE_BYTES = 4096;
    private static final String FROM_ARCHIVE = "source: shared objects file (top)";

    @TempDir
    Path temp;

    private Path jar = Path.of("");
    private Path archive = Path.of("");

    /** What is archived: it tells the property by which the archive is handed on. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            System.out.println(System.getProperty(ClassArchive.PROPERTY));
        }
    }

    @BeforeEach
    void makeArchive() throws Exception {
        jar = jar("program.jar");
        Path made = temp.resolve("made.tmp");
        assertThat(run(List.of("-XX:ArchiveClassesAtExit=" + made, "-Xlog:disable"), jar))
                .containsExactly("null");
        archive = whole(made);
    }

    @Test
    void classes_comeFromTheArchive_whichIsHandedOn() throws Exception {
        List<String> options = new ArrayList<>(ClassArchive.options(archive));
        options.add("-Xlog:class+load");
        List<String> lines = run(options, jar);
        assertThat(lines)
                .anyMatch(line -> line.contains(Program.class.getName()) && line.contains(FROM_ARCHIVE))
                .contains(archive.toString());
    }

    @Test
    void archiveOfOtherJars_isLeftUnreadWithoutAWord() throws Exception {
        assertThat(run(ClassArchive.options(archive), jar("other.jar"))).containsExactly(archive.toString());
    }

    /** Bytes all over the file are other ones, in its header and where the classes of the program lie. */
    @Test
    void damagedArchive_isLeftUnreadWithoutAWord() throws Exception {
        byte[] sound = Files.readAllBytes(archive);
        for (int part = 0; part < DAMAGES; part++) {
            byte[] damaged = sound.clone();
            int from = (int) ((long) sound.length * part / DAMAGES);
            for (int i = from; i < Math.min(from + DAMAGE_BYTES, sound.length); i++) {
                damaged[i] ^= 0x55;
            }
            Path file = Files.write(
                    Files.createDirectory(temp.resolve("damaged" + part)).resolve(archive.getFileName()), damaged);
            assertThat(run(ClassArchive.options(file), jar)).as("part %d", part).containsExactly(file.toString());
        }
    }

    /** It may be damaged while a process runs that has found it sound: with damaged classes another would compute anything. */
    @Test
    void archive_isComparedWithItsChecksums_byEveryProcessThatIsStarted() {
        System.setProperty(ClassArchive.PROPERTY, archive.toString());
        try {
            assertThat(IsofleetCommandLine.of(List.of("worker"))).contains("-XX:+VerifySharedSpaces");
        } finally {
            System.clearProperty(ClassArchive.PROPERTY);
        }
    }

    /** The JVM itself would die of it. */
    @Test
    void archiveThatWasCutOff_orIsMissing_isNotUsed() throws Exception {
        try (FileChannel file = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }
        assertThat(ClassArchive.options(archive)).isEmpty();
        assertThat(ClassArchive.options(temp.resolve("5.jsa"))).isEmpty();
    }

    private Path whole(Path made) throws IOException {
        assertThat(made.toFile().setWritable(true)).isTrue();
        return Files.move(made, ClassArchive.file(Files.createDirectories(temp.resolve("a folder")), Files.size(made)));
    }

    private Path jar(String name) throws Exception {
        Path file = temp.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (Class<?> type : List.of(Program.class, ClassArchive.class)) {
                String entry = type.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new JarEntry(entry));
                try (InputStream in =
                        Objects.requireNonNull(type.getClassLoader()).getResourceAsStream(entry)) {
                    Objects.requireNonNull(in).transferTo(entries);
                }
            }
        }
        return file;
    }

    private List<String> run(List<String> options, Path classPath) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath.toString(), Program.class.getName()));
        Path output = Files.createTempFile(temp, "program", ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            List<String> lines = Files.readAllLines(output);
            assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
