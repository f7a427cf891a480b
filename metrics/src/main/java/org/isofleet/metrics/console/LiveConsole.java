package org.isofleet.metrics.console;

import dev.tamboui.backend.jline3.JLineBackend;
import dev.tamboui.buffer.Buffer;
import dev.tamboui.layout.Rect;
import dev.tamboui.layout.Size;
import dev.tamboui.terminal.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.StudyView;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live picture of a study on a terminal. Events are folded as they come; a thread of its own draws what changed about seven
 * times a second, on the alternate screen. However the process ends, short of kill -9, the terminal is given back as it was, and
 * on a normal end the last picture stays on it.
 */
final class LiveConsole implements StudyConsole {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConsole.class);
    /** Exit code of a process that ends by control-C: 128 and the number of the signal. */
    private static final int INTERRUPTED = 130;

    private static final String GIVE_BACK = "\u001b[?1049l\u001b[?25h\u001b[0m";
    private static final Duration FRAME = Duration.ofMillis(140);

    private final JLineBackend backend;
    private final Terminal<JLineBackend> terminal;
    private final Clock clock;
    private final Thread painter;
    private final Thread hook;
    private final Attributes before;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private StudyView view = StudyView.EMPTY;

    private LiveConsole(JLineBackend backend, Clock clock) throws IOException {
        this.backend = backend;
        this.clock = clock;
        before = silence(backend.jlineTerminal());
        backend.enterAlternateScreen();
        backend.hideCursor();
        terminal = new Terminal<>(backend);
        painter = new Thread(this::paintUntilClosed, "isofleet-console");
        painter.setDaemon(true);
        hook = new Thread(this::restore, "isofleet-console-restore");
        Runtime.getRuntime().addShutdownHook(hook);
        painter.start();
    }

    /** A console on this process's terminal; null when standard output is none, or too plain to draw on. */
    static @Nullable LiveConsole ifTerminal() {
        String type = System.getenv("TERM");
        if (type == null || type.equals("dumb") || !outputIsTerminal()) {
            return null;
        }
        try {
            JLineBackend backend = new JLineBackend();
            if (!backend.jlineTerminal().getType().startsWith("dumb")) {
                return on(backend);
            }
            backend.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("no live console, plain lines instead: {}", e.toString());
        }
        return null;
    }

    /** A console on a terminal, which is given back as it was when none can be made. */
    static LiveConsole on(JLineBackend backend) throws IOException {
        try {
            return new LiveConsole(backend, Clock.system(ZoneId.systemDefault()));
        } catch (IOException | RuntimeException e) {
            try {
                backend.close();
            } catch (IOException | RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** Asked of the terminal library: {@code System.console()} answers differently from Java 22 on. */
    private static boolean outputIsTerminal() {
        try {
            return TerminalProvider.load("jni").isSystemStream(SystemStream.Output);
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.warn("no live console, plain lines instead: {}", e.toString());
            return false;
        }
    }

    /**
     * Typed keys are not echoed into the picture. Control-C still ends the process, which raw mode would take from it, and through
     * the shutdown hooks, which the terminal library's handler of the signal would leave out.
     */
    private static Attributes silence(org.jline.terminal.Terminal terminal) {
        Attributes before = terminal.getAttributes();
        Attributes quiet = new Attributes(before);
        quiet.setLocalFlags(EnumSet.of(LocalFlag.ECHO, LocalFlag.ICANON), false);
        quiet.setLocalFlag(LocalFlag.ISIG, true);
        terminal.setAttributes(quiet);
        terminal.handle(Signal.INT, signal -> System.exit(INTERRUPTED));
        return before;
    }

    @Override
    public synchronized void accept(LiveEvent event) {
        view = view.with(event);
    }

    private synchronized StudyView view() {
        return view;
    }

    private void paintUntilClosed() {
        try {
            while (open.get()) {
                paint();
                Thread.sleep(FRAME.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            restore();
            LOG.error("the live console stopped; the study goes on", e);
        }
    }

    private void paint() {
        StudyView now = view();
        synchronized (terminal) {
            if (open.get()) {
                terminal.draw(frame -> Screen.draw(frame.buffer(), now, clock.instant(), clock.getZone()));
            }
        }
    }

    /**
     * Gives the terminal back when the process ends with the console open. Written past the terminal library, which may have closed
     * its streams by then; the attributes it restores itself.
     */
    private void restore() {
        synchronized (terminal) {
            if (open.getAndSet(false)) {
                write(GIVE_BACK);
            }
        }
    }

    @Override
    public void close() {
        if (!open.get()) {
            return;
        }
        String picture = "";
        synchronized (terminal) {
            open.set(false);
            try {
                picture = picture(backend.size());
                backend.jlineTerminal().setAttributes(before);
                backend.close();
            } catch (IOException e) {
                LOG.warn("the terminal was not given back cleanly; 'reset' mends it", e);
            }
        }
        painter.interrupt();
        write(picture);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("closed while the process ends", e);
        }
    }

    /** The last frame, to stay on the terminal; two lines shorter, so that the prompt fits below. */
    private String picture(Size size) {
        Buffer buffer = Buffer.empty(Rect.of(size.width(), Math.max(1, size.height() - 2)));
        Screen.draw(buffer, view(), clock.instant(), clock.getZone());
        return buffer.toAnsiStringTrimmed().replace("\r\n", "\n") + "\u001b[0m\n";
    }

    private static void write(String text) {
        @SuppressWarnings("resource") // standard output is not ours to close
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("standard output is gone", e);
        }
    }
}
