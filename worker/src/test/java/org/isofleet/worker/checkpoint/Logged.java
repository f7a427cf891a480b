package org.isofleet.worker.checkpoint;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open. */
final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Queue<Level> levels = new ConcurrentLinkedQueue<>();
    private final Logger logger;

    private Logged(Class<?> of) {
        logger = (Logger) LoggerFactory.getLogger(of);
        logger.setLevel(Level.DEBUG);
        logger.addAppender(this);
        start();
    }

    static Logged of(Class<?> of) {
        return new Logged(of);
    }

    long count(Level level) {
        return levels.stream().filter(level::equals).count();
    }

    @Override
    protected void append(ILoggingEvent event) {
        levels.add(event.getLevel());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(null);
    }
}
