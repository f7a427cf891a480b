package org.isofleet.coordinator.depot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.bulk.DepotStream;
import org.isofleet.protocol.bulk.Handshake;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.checkpoint.TemporaryFolder;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.refusal.RefusalReason;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores checkpoints in the study folder for workers that do not see it, and hands them out again. Whoever connects must show the right
 * certificate, where the coordinator has keys, and prove that it knows the cluster's secret. A checkpoint is received into a folder of a unique name, synced, read once more against the digests of its
 * manifest, and renamed; only then is the worker told, so what it reports as written is there. {@value #CONNECTIONS} connections at a
 * time, one chunk in memory for each.
 */
public final class CheckpointDepot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDepot.class);
    private static final int CONNECTIONS = 16;
    private static final int HANDSHAKE_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 60_000;

    private final CheckpointFolders folders;
    private final BulkCredentials credentials;
    private final ServerSocket server;
    private final Depot depot;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor clerks = new ThreadPoolExecutor(
            0,
            CONNECTIONS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, "isofleet-depot-clerk"));

    /**
     * Marks the store and opens a port that the system chooses.
     *
     * @param host name or address of this machine, as workers know it
     * @param credentials by which workers and this coordinator know each other
     * @param store folder below which the folders of runs lie
     * @throws InvalidSpecException when the address cannot be bound or the store not be written to
     */
    public CheckpointDepot(String host, BulkCredentials credentials, Path store) {
        folders = new CheckpointFolders(store);
        this.credentials = credentials;
        try {
            String mark = StoreMark.make(store);
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            depot = new Depot(new BulkAddress(host, server.getLocalPort()), mark);
        } catch (IOException e) {
            throw new InvalidSpecException(
                    "checkpoints cannot be taken on " + host + " into " + store + ": " + e.getMessage()
                            + "; give an address of this machine, as 127.0.0.1, and a folder that can be written to");
        }
        daemon(this::accept, "isofleet-depot").start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** What workers are told. */
    public Depot depot() {
        return depot;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                clerk(socket);
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOG.warn("the depot of checkpoints: {}", e.toString());
                }
            }
        }
    }

    private void clerk(Socket socket) {
        try {
            clerks.execute(() -> serve(socket));
        } catch (RejectedExecutionException e) {
            refuse(socket, "there were " + CONNECTIONS + " connections already");
            close(socket);
        }
    }

    private void serve(Socket socket) {
        boolean greeted = false;
        try {
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            socket.setTcpNoDelay(true);
            NodeKeys keys = credentials.keys();
            DepotStream stream = new DepotStream(keys == null ? socket : keys.accepted(socket));
            Handshake.Purpose purpose =
                    credentials.handshake().accept(stream.in(), stream.out(), p -> p.to().equals(DepotStream.DEPOT));
            greeted = true;
            socket.setSoTimeout(SILENCE_MILLIS);
            try {
                answer(stream, purpose);
            } catch (IOException e) {
                LOG.warn("{} of worker {} was not served: {}", purpose.runId(), purpose.from(), e.toString());
                stream.refuse(String.valueOf(e.getMessage()));
            }
            stream.end();
        } catch (IOException | RuntimeException e) {
            if (greeted) {
                LOG.warn("a connection to the depot of checkpoints broke: {}", e.toString());
            } else if (RefusalReason.isMereEnd(e) || e instanceof Handshake.NotServedException) {
                LOG.info("a connection to the depot of checkpoints ended: {}", e.toString());
            } else {
                refuse(socket, RefusalReason.of(e));
            }
        } finally {
            close(socket);
        }
    }

    private void refuse(Socket socket, String reason) {
        credentials.refusals().refused(socket.getRemoteSocketAddress(), "the depot of checkpoints", reason);
    }

    private void answer(DepotStream stream, Handshake.Purpose purpose) throws IOException {
        switch (stream.question()) {
            case PUT -> put(stream, stream.reference(purpose.runId()));
            case GET -> get(stream, stream.reference(purpose.runId()));
            case COLLECT -> collect(stream, purpose);
        }
    }

    private void put(DepotStream stream, CheckpointRef reference) throws IOException {
        try (TemporaryFolder made = folders.begin(reference.runId())) {
            stream.receive(made.path().resolve(CheckpointFolders.PARAMETERS));
            stream.receive(made.path().resolve(CheckpointFolders.MOMENTS));
            CheckpointFolders.complete(made, stream.receive(CheckpointFolders.LONGEST_MANIFEST), reference);
            folders.publish(made, reference);
        }
        stream.agree();
    }

    private void get(DepotStream stream, CheckpointRef reference) throws IOException {
        Path folder = folders.folder(reference);
        if (!Files.isRegularFile(folder.resolve(CheckpointFolders.MANIFEST))) {
            throw new IOException(folder + " is missing");
        }
        stream.agree();
        stream.send(folder.resolve(CheckpointFolders.PARAMETERS));
        stream.send(folder.resolve(CheckpointFolders.MOMENTS));
        stream.send(folder.resolve(CheckpointFolders.MANIFEST));
    }

    private void collect(DepotStream stream, Handshake.Purpose purpose) throws IOException {
        List<CheckpointRef> keep = new ArrayList<>();
        for (int left = stream.count(); left > 0; left--) {
            keep.add(stream.reference(purpose.runId()));
        }
        folders.collect(purpose.runId(), purpose.generation(), keep);
        stream.agree();
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection could not be closed: {}", e.toString());
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("the depot of checkpoints could not be closed: {}", e.toString());
        }
        clerks.shutdownNow();
        List.copyOf(open).forEach(this::close);
    }
}
