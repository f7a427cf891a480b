package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.protocol.log.RunScope;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class StudyLogTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> terminal = new ListAppender<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void watchTheTerminal() {
        terminal.start();
        root.addAppender(terminal);
    }

    @AfterEach
    void stopWatching() {
        root.detachAppender(terminal);
    }

    @Test
    void whileOpen_aStackTraceGoesToTheFileAlone() throws IOException {
        try (StudyLog log = StudyLog.open(folder, StudyLog.FILE, LogFormat.TEXT)) {
            LoggerFactory.getLogger(StudyLogTest.class)
                    .warn("the journal failed", new IOException("No space left on device"));
        }

        assertThat(terminal.list).isEmpty();
        assertThat(Files.readString(folder.resolve(StudyLog.FILE)))
                .contains("WARN  StudyLogTest the journal failed", "No space left on device", "at org.isofleet");
    }

    @Test
    void lineAboutARun_namesRunAndGeneration() throws IOException {
        try (StudyLog log = StudyLog.open(folder, StudyLog.FILE, LogFormat.TEXT);
                RunScope about = RunScope.of(new RunId("0123456789abcdef"), 4)) {
            LoggerFactory.getLogger(StudyLogTest.class).warn("lost a worker");
        }

        assertThat(Files.readString(folder.resolve(StudyLog.FILE)))
                .endsWith("WARN  StudyLogTest [run 0123456789abcdef generation 4] lost a worker\n");
    }

    @Test
    void json_isAnObjectALine_withRunAndGeneration() throws IOException {
        try (StudyLog log = StudyLog.open(folder, StudyLog.FILE, LogFormat.JSON)) {
            LoggerFactory.getLogger(StudyLogTest.class)
                    .warn("two \"lines\"\nof {}", "text", new IOException("with a cause"));
            try (RunScope about = RunScope.of(new RunId("0123456789abcdef"), 4)) {
                LoggerFactory.getLogger(StudyLogTest.class).warn("lost a worker");
            }
        }

        List<String> lines = Files.readAllLines(folder.resolve(StudyLog.FILE));
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.path("formattedMessage").asText()).isEqualTo("two \"lines\"\nof text");
        assertThat(first.path("level").asText()).isEqualTo("WARN");
        assertThat(first.at("/throwable/message").asText()).isEqualTo("with a cause");
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertThat(second.at("/mdc/run").asText()).isEqualTo("0123456789abcdef");
        assertThat(second.at("/mdc/generation").asText()).isEqualTo("4");
    }

    @Test
    void onceClosed_theTerminalHasTheLogAgain() throws IOException {
        StudyLog.open(folder, StudyLog.FILE, LogFormat.TEXT).close();

        LoggerFactory.getLogger(StudyLogTest.class).warn("after the study");

        assertThat(terminal.list)
                .singleElement()
                .extracting(ILoggingEvent::getMessage)
                .isEqualTo("after the study");
        assertThat(Files.readString(folder.resolve(StudyLog.FILE))).isEmpty();
    }
}
