package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.bulk.DepotStream;
import org.isofleet.protocol.bulk.DepotStream.Question;
import org.isofleet.protocol.bulk.Handshake;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.study.RunId;

/**
 * Checkpoints through the coordinator's depot. What is sent or fetched lies in a private folder for as long as that takes; the coordinator
 * verifies what it takes before it agrees, and what is fetched is verified as it is loaded.
 */
final class DepotAccess implements CheckpointAccess {
    private static final int CONNECT_MILLIS = 5_000;
    /** The coordinator syncs and reads a whole checkpoint before it answers. */
    private static final int ANSWER_MILLIS = 600_000;

    private final BulkAddress address;
    private final BulkCredentials credentials;
    private final String workerId;

    DepotAccess(BulkAddress address, BulkCredentials credentials, String workerId) {
        this.address = address;
        this.credentials = credentials;
        this.workerId = workerId;
    }

    /** What is said on one connection. */
    @FunctionalInterface
    private interface Talk<T> {
        T with(DepotStream stream) throws IOException;
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(CheckpointStore privateStore) throws IOException;
    }

    @Override
    public CheckpointRef write(Snapshot snapshot, StateDigests digests, DigestChain chain) throws IOException {
        return privately(store -> {
            CheckpointRef reference = store.write(snapshot, digests, chain);
            Path folder = store.folder(reference);
            return ask(reference.runId(), snapshot.generation(), stream -> {
                stream.ask(Question.PUT);
                stream.send(reference);
                stream.send(folder.resolve(CheckpointFolders.PARAMETERS));
                stream.send(folder.resolve(CheckpointFolders.MOMENTS));
                stream.send(folder.resolve(CheckpointFolders.MANIFEST));
                stream.end();
                stream.expectAgreement();
                return reference;
            });
        });
    }

    @Override
    public void read(CheckpointRef reference, Reader reader) throws IOException {
        privately(store -> {
            Path folder = Files.createDirectories(store.folder(reference));
            ask(reference.runId(), 0, stream -> {
                stream.ask(Question.GET);
                stream.send(reference);
                stream.end();
                stream.expectAgreement();
                stream.receive(folder.resolve(CheckpointFolders.PARAMETERS));
                stream.receive(folder.resolve(CheckpointFolders.MOMENTS));
                stream.receive(folder.resolve(CheckpointFolders.MANIFEST));
                return reference;
            });
            store.read(reference, reader);
            return reference;
        });
    }

    @Override
    public void collect(RunId runId, long generation, List<CheckpointRef> keep) throws IOException {
        ask(runId, generation, stream -> {
            stream.ask(Question.COLLECT);
            stream.sendCount(keep.size());
            for (CheckpointRef reference : keep) {
                stream.send(reference);
            }
            stream.end();
            stream.expectAgreement();
            return keep;
        });
    }

    private <T> T ask(RunId runId, long generation, Talk<T> talk) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(CONNECT_MILLIS);
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            NodeKeys keys = credentials.keys();
            DepotStream stream = new DepotStream(keys == null ? socket : keys.dialled(socket));
            credentials
                    .handshake()
                    .dial(
                            stream.in(),
                            stream.out(),
                            new Handshake.Purpose(runId, generation, workerId, DepotStream.DEPOT, 0));
            socket.setSoTimeout(ANSWER_MILLIS);
            return talk.with(stream);
        } catch (DepotStream.Refused e) {
            throw new IOException(named(e), e);
        } catch (IOException e) {
            throw new StoreUnreachableException(named(e), e);
        }
    }

    private String named(IOException e) {
        return "the coordinator's depot at " + address.host() + ":" + address.port() + ": " + e.getMessage();
    }

    private static <T> T privately(Work<T> work) throws IOException {
        Path own = Files.createTempDirectory("isofleet-checkpoint-");
        try {
            return work.in(new CheckpointStore(own));
        } finally {
            CheckpointFolders.deleteTree(own);
        }
    }
}
