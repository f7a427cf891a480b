package org.isofleet.deploy.bits;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processes that are stopped for nine tenths of the time, all at the same times: a run of theirs lasts long, and leaves the processor to
 * others. Closing it gives them their time back. None of them may end before.
 */
final class SlowedProcesses implements AutoCloseable {
    private static final String LOOP =
            "while kill -STOP \"$@\"; do sleep 0.09; kill -CONT \"$@\" || exit; sleep 0.01; done";

    private final List<ProcessHandle> slowed = new ArrayList<>();
    private @Nullable Process loop;

    void add(StudyProcess process) throws IOException, InterruptedException {
        stop();
        slowed.add(process.process().toHandle());
        List<String> command = new ArrayList<>(List.of("sh", "-c", LOOP, "slowed"));
        slowed.forEach(handle -> command.add(Long.toString(handle.pid())));
        loop = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void stop() throws IOException, InterruptedException {
        if (loop != null) {
            StudyProcess.kill(loop.toHandle());
            loop = null;
            for (ProcessHandle process : slowed) {
                StudyProcess.signal("CONT", process);
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stop();
        slowed.clear();
    }
}
