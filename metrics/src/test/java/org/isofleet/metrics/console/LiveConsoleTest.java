package org.isofleet.metrics.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tamboui.backend.jline3.JLineBackend;
import dev.tamboui.layout.Size;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LiveConsoleTest {
    @Test
    void terminalThatCannotBeDrawnOn_isGivenBack() throws IOException {
        Sizeless terminal = new Sizeless();
        assertThatThrownBy(() -> LiveConsole.on(terminal)).hasStackTraceContaining("no size");
        assertThat(terminal.entered).isTrue();
        assertThat(terminal.closed).isTrue();
    }

    /** A terminal that goes away between entering the alternate screen and the first picture. */
    private static final class Sizeless extends JLineBackend {
        private boolean entered;
        private boolean closed;

        Sizeless() throws IOException {}

        @Override
        public void enterAlternateScreen() {
            entered = true;
        }

        @Override
        public void hideCursor() {}

        @Override
        public Size size() throws IOException {
            throw new IOException("no size");
        }

        @Override
        public void close() throws IOException {
            closed = true;
            jlineTerminal().close();
        }
    }
}
