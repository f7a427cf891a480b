package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        try (StudyLog log = StudyLog.open(folder, StudyLog.FILE)) {
            LoggerFactory.getLogger(StudyLogTest.class)
                    .warn("the journal failed", new IOException("No space left on device"));
        }

        assertThat(terminal.list).isEmpty();
        assertThat(Files.readString(folder.resolve(StudyLog.FILE)))
                .contains("WARN  StudyLogTest the journal failed", "No space left on device", "at org.isofleet");
    }

    @Test
    void onceClosed_theTerminalHasTheLogAgain() throws IOException {
        StudyLog.open(folder, StudyLog.FILE).close();

        LoggerFactory.getLogger(StudyLogTest.class).warn("after the study");

        assertThat(terminal.list)
                .singleElement()
                .extracting(ILoggingEvent::getMessage)
                .isEqualTo("after the study");
        assertThat(Files.readString(folder.resolve(StudyLog.FILE))).isEmpty();
    }
}
