package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;

/** What a bad disk does to the newest checkpoint of a run that is not over. The last checkpoint is spared: it is the result. */
final class CheckpointDamage {
    private static final List<String> FILES = List.of(CheckpointFolders.PARAMETERS, CheckpointFolders.MOMENTS);

    private final CheckpointFolders folders;
    private final Map<String, Long> stepsOfRuns;

    /**
     * @param root of all checkpoints
     * @param stepsOfRuns steps of every run by its id
     */
    CheckpointDamage(Path root, Map<String, Long> stepsOfRuns) {
        this.folders = new CheckpointFolders(root);
        this.stepsOfRuns = Map.copyOf(stepsOfRuns);
    }

    /** The newest checkpoint of a run, unless it is the last one. */
    Optional<CheckpointRef> newest(String run) throws IOException {
        return folders.list(new RunId(run), Long.MAX_VALUE).stream()
                .findFirst()
                .filter(checkpoint -> checkpoint.step() < stepsOfRuns.getOrDefault(run, 0L));
    }

    /** Changes one bit of one byte. */
    void corrupt(CheckpointRef checkpoint, long key) throws IOException {
        try (FileChannel file = open(checkpoint, key)) {
            long at = Math.floorMod(key >> 16, file.size());
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << Math.floorMod(key, 8))).flip();
            file.write(one, at);
        }
    }

    /** Takes the end of a file away. */
    void truncate(CheckpointRef checkpoint, long key) throws IOException {
        try (FileChannel file = open(checkpoint, key)) {
            file.truncate(Math.floorMod(key >> 16, file.size()));
        }
    }

    private FileChannel open(CheckpointRef checkpoint, long key) throws IOException {
        String name = FILES.get((int) Math.floorMod(key >> 3, (long) FILES.size()));
        return FileChannel.open(
                folders.folder(checkpoint).resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
