package org.isofleet.worker.exchange;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bulk port of a worker. Whoever connects must prove that it knows the cluster's secret, within {@value #PATIENCE_MILLIS} ms and
 * as one of {@value #STRANGERS} at a time; then its connection waits in the {@link Lobby} for the generation that it was made for.
 */
public final class BulkServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BulkServer.class);
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int STRANGERS = 16;

    private final String workerId;
    private final long incarnation;
    private final Handshake handshake;
    private final ServerSocketChannel server;
    private final BulkAddress address;
    private final Lobby lobby = new Lobby();
    private final ThreadPoolExecutor doormen = new ThreadPoolExecutor(
            0, STRANGERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "isofleet-handshake"));

    /**
     * Opens a port chosen by the system.
     *
     * @param bindHost name or address of this machine, as peers know it
     * @throws IOException when it cannot be bound; the message is one line
     */
    public BulkServer(String bindHost, String workerId, long incarnation, byte[] secret) throws IOException {
        this(bindHost, 0, workerId, incarnation, secret);
    }

    /**
     * Opens a port.
     *
     * @param bindHost name or address of this machine, as peers know it
     * @param bindPort the port; 0 for one chosen by the system
     * @throws IOException when it cannot be bound; the message is one line
     */
    public BulkServer(String bindHost, int bindPort, String workerId, long incarnation, byte[] secret)
            throws IOException {
        this.workerId = workerId;
        this.incarnation = incarnation;
        this.handshake = new Handshake(secret);
        this.server = ServerSocketChannel.open();
        try {
            server.bind(new InetSocketAddress(InetAddress.getByName(bindHost), bindPort));
            address = new BulkAddress(bindHost, ((InetSocketAddress) server.getLocalAddress()).getPort());
        } catch (IOException | RuntimeException e) {
            server.close();
            throw new IOException(
                    "the bulk port cannot be opened on " + bindHost + ":" + bindPort + ": " + e.getMessage()
                            + "; name an address of this machine and a port that is free",
                    e);
        }
        daemon(this::accept, "isofleet-bulk-" + workerId).start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Where peers connect. */
    public BulkAddress address() {
        return address;
    }

    /** Admits connections of this generation; those of others are closed, waiting or yet to come. */
    public void enter(RunId runId, long generation) {
        lobby.enter(runId, generation);
    }

    /** Connects to a member. */
    SocketChannel dial(GroupPlan plan, int me, int other) throws PeerLostException {
        Member member = plan.members().get(other);
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            Socket socket = configure(channel);
            socket.connect(
                    new InetSocketAddress(member.bulk().host(), member.bulk().port()), PATIENCE_MILLIS);
            handshake.dial(
                    new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(socket.getOutputStream()),
                    new Handshake.Purpose(
                            plan.spec().id(),
                            plan.generation(),
                            plan.members().get(me).workerId(),
                            member.workerId(),
                            member.incarnation()));
            return channel;
        } catch (IOException | RuntimeException e) {
            Lobby.close(channel);
            throw new PeerLostException(
                    member.workerId(),
                    "no connection to " + member.bulk().host() + ":"
                            + member.bulk().port() + ": " + e.getMessage());
        }
    }

    /** Waits for the connection that a member makes. */
    SocketChannel accepted(GroupPlan plan, int other, Duration patience, StopSignal stop)
            throws PeerLostException, InterruptedException {
        String from = plan.members().get(other).workerId();
        return lobby.take(plan.spec().id(), plan.generation(), from, patience, stop);
    }

    private void accept() {
        while (server.isOpen()) {
            SocketChannel channel = null;
            try {
                channel = server.accept();
                SocketChannel stranger = channel;
                doormen.execute(() -> greet(stranger));
            } catch (RejectedExecutionException e) {
                LOG.warn("too many connections at once on the bulk port of {}; one was closed", workerId);
                Lobby.close(channel);
            } catch (IOException e) {
                if (server.isOpen()) {
                    LOG.warn("the bulk port of {}: {}", workerId, e.toString());
                }
            }
        }
    }

    private void greet(SocketChannel channel) {
        try {
            Socket socket = configure(channel);
            Handshake.Purpose purpose = handshake.accept(
                    new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(socket.getOutputStream()),
                    p -> p.to().equals(workerId)
                            && p.incarnation() == incarnation
                            && lobby.admits(p.runId(), p.generation()));
            lobby.put(purpose, channel);
        } catch (IOException | RuntimeException e) {
            LOG.warn("a connection to the bulk port of {} was refused: {}", workerId, e.toString());
            Lobby.close(channel);
        }
    }

    private static Socket configure(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Socket socket = channel.socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("the bulk port of {} could not be closed: {}", workerId, e.toString());
        }
        doormen.shutdownNow();
        lobby.close();
    }
}
