package org.isofleet.protocol.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.isofleet.protocol.study.RunId;

/** A process that begins to write a checkpoint and never ends. */
final class HangingWriter {
    static final String READY = "writing";

    private HangingWriter() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (TemporaryFolder folder = new CheckpointFolders(Path.of(arguments[0])).begin(new RunId(arguments[1]))) {
            Files.writeString(folder.path().resolve(CheckpointFolders.PARAMETERS), "half of it");
            System.out.println(READY);
            new CountDownLatch(1).await();
        }
    }
}
