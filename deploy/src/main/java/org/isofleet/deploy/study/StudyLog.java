package org.isofleet.deploy.study;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.deploy.launch.LogFormat;
import org.slf4j.LoggerFactory;

/**
 * The log of a running study: a file in its folder and not the terminal, which belongs to the console. What a user must know is told
 * there, as an event or as the one line of an error; when a disk fills up, every layer between the two has a stack trace of its own to add.
 */
final class StudyLog implements AutoCloseable {
    static final String FILE = "logs/coordinator.log";

    private final Logger root;
    private final FileAppender<ILoggingEvent> file;
    private final List<Appender<ILoggingEvent>> before;

    private StudyLog(Logger root, FileAppender<ILoggingEvent> file, List<Appender<ILoggingEvent>> before) {
        this.root = root;
        this.file = file;
        this.before = before;
    }

    /**
     * Sends the log of this process to a study folder until it is closed.
     *
     * @param file its path in the folder
     * @throws IOException when there can be no such file
     */
    static StudyLog open(Path folder, String file, LogFormat format) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setFile(path.toString());
        appender.setEncoder(format.encoder(context));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        List<Appender<ILoggingEvent>> before = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(before::add);
        root.addAppender(appender);
        before.forEach(root::detachAppender);

        return new StudyLog(root, appender, before);
    }

    @Override
    public void close() {
        before.forEach(root::addAppender);
        root.detachAppender(file);
        file.stop();
    }
}
