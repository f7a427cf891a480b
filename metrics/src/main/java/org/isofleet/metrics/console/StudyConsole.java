package org.isofleet.metrics.console;

import java.util.function.Consumer;
import org.isofleet.metrics.live.LiveEvent;

/** Where a person watches a study. Any thread may feed it; closing it gives the terminal back. */
public interface StudyConsole extends Consumer<LiveEvent>, AutoCloseable {
    /**
     * The live picture when standard output is a terminal, else plain lines on it.
     *
     * @param plain whether to write lines in any case
     */
    static StudyConsole open(boolean plain) {
        StudyConsole live = plain ? null : LiveConsole.ifTerminal();
        return live == null ? new PlainConsole(System.out) : live;
    }

    @Override
    void close();
}
