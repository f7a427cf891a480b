package org.isofleet.deploy.launch;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** How lines of the log are written. */
public enum LogFormat {
    /** For people; run and generation in brackets, where a line is about a run. */
    TEXT {
        @Override
        public Encoder<ILoggingEvent> encoder(LoggerContext context) {
            PatternLayoutEncoder encoder = new PatternLayoutEncoder();
            encoder.setContext(context);
            encoder.setPattern(PATTERN);
            encoder.start();
            return encoder;
        }
    },
    /** An object a line, with run and generation below {@code mdc}. */
    JSON {
        @Override
        public Encoder<ILoggingEvent> encoder(LoggerContext context) {
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.setWithSequenceNumber(false);
            encoder.setWithNanoseconds(false);
            encoder.setWithMessage(false);
            encoder.setWithArguments(false);
            encoder.setWithFormattedMessage(true);
            encoder.start();
            return encoder;
        }
    };

    /** The same stands in {@code logback.xml}. */
    static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{0} "
            + "%replace([run %X{run:--} generation %X{generation:--}] ){'\\[run - generation -\\] ', ''}%msg%n%ex";

    /** Writes lines so; started. */
    public abstract Encoder<ILoggingEvent> encoder(LoggerContext context);

    /** As it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Has this process write its log to standard error so. */
    public void useHere() {
        if (this == TEXT) {
            return; // as logback.xml has it
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        List<Appender<ILoggingEvent>> before = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(before::add);
        root.addAppender(appender);
        before.forEach(root::detachAppender);
    }
}
