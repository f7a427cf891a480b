package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a worker reaches checkpoints: where it sees the coordinator's mark in the store, they share it; else through the depot of the
 * coordinator that was heard of last. Decided anew for every checkpoint, for coordinators come and go.
 */
public final class CheckpointRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointRoutes.class);

    private final String workerId;
    private final BulkCredentials credentials;
    private volatile @Nullable Depot depot;
    private volatile @Nullable Depot toldOf;

    /** @param credentials by which the depot knows this worker */
    public CheckpointRoutes(String workerId, BulkCredentials credentials) {
        this.workerId = workerId;
        this.credentials = credentials;
    }

    /** Of a process that has no coordinator, so that every folder is its own. */
    public static CheckpointRoutes local() {
        return new CheckpointRoutes("", new BulkCredentials(new byte[] {0}, null));
    }

    /** The depot of the coordinator that was heard of last; null: the folder must be there. */
    public void depot(@Nullable Depot newest) {
        if (newest != null && !newest.equals(depot)) {
            LOG.debug("checkpoints go to {} where {} is not seen", newest.address(), newest.mark());
        }
        depot = newest;
    }

    /** The way to a store, which is that folder on the coordinator's machine. */
    public CheckpointAccess to(String store) {
        return new Routed(new CheckpointStore(Path.of(store)), Path.of(store));
    }

    private CheckpointAccess choose(CheckpointStore shared, Path folder) {
        Depot known = depot;
        if (known == null || Files.exists(folder.resolve(known.mark()))) {
            return shared;
        }
        if (!known.equals(toldOf)) {
            toldOf = known;
            LOG.info("{} is not the coordinator's folder here: checkpoints go through its depot", folder);
        }
        return new DepotAccess(known.address(), credentials, workerId);
    }

    private final class Routed implements CheckpointAccess {
        private final CheckpointStore shared;
        private final Path folder;

        Routed(CheckpointStore shared, Path folder) {
            this.shared = shared;
            this.folder = folder;
        }

        @Override
        public CheckpointRef write(Snapshot snapshot, StateDigests digests, DigestChain chain) throws IOException {
            return choose(shared, folder).write(snapshot, digests, chain);
        }

        @Override
        public void read(CheckpointRef reference, Reader reader) throws IOException {
            choose(shared, folder).read(reference, reader);
        }

        @Override
        public void collect(RunId runId, long generation, List<CheckpointRef> keep) throws IOException {
            choose(shared, folder).collect(runId, generation, keep);
        }
    }
}
