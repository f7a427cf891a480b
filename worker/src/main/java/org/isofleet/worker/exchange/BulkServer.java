package org.isofleet.worker.exchange;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.bulk.Handshake;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.refusal.RefusalReason;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bulk port of a worker. Whoever connects must show the right certificate, where the worker has keys, and prove that it knows the cluster's secret, within {@value #PATIENCE_MILLIS} ms and
 * as one of {@value #STRANGERS} at a time; then its connection waits in the {@link Lobby} for the generation that it was made for.
 */
public final class BulkServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BulkServer.class);
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int STRANGERS = 16;

    private final String workerId;
    private final long incarnation;
    private final BulkCredentials credentials;
    private final ServerSocketChannel server;
    private final @Nullable ServerSocketChannel local;
    private final BulkAddress address;
    private final Lobby lobby = new Lobby();
    private final ThreadPoolExecutor doormen = new ThreadPoolExecutor(
            0, STRANGERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "isofleet-handshake"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "isofleet-handshake-limit"));

    /**
     * Opens a port chosen by the system, for peers of this machine.
     *
     * @param bindHost name or address of this machine, as peers know it
     * @throws IOException when it cannot be bound; the message is one line
     */
    public BulkServer(String bindHost, String workerId, long incarnation, byte[] secret) throws IOException {
        this(bindHost, 0, workerId, incarnation, new BulkCredentials(secret, null));
    }

    /**
     * Opens a port.
     *
     * @param bindHost name or address of this machine, as peers know it
     * @param bindPort the port; 0 for one chosen by the system
     * @throws IOException when it cannot be bound; the message is one line
     */
    public BulkServer(String bindHost, int bindPort, String workerId, long incarnation, BulkCredentials credentials)
            throws IOException {
        this.workerId = workerId;
        this.incarnation = incarnation;
        this.credentials = credentials;
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
        this.local = LocalSocket.listen(address.port());
        daemon(() -> accept(server), "isofleet-bulk-" + workerId).start();
        if (local != null) {
            daemon(() -> accept(local), "isofleet-bulk-local-" + workerId).start();
        }
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
    Link dial(GroupPlan plan, int me, int other) throws PeerLostException {
        return dial(plan, plan.members().get(me).workerId(), other);
    }

    /** Connects to a member of a group that this worker is not in. */
    Link dial(GroupPlan plan, int other) throws PeerLostException {
        return dial(plan, workerId, other);
    }

    private Link dial(GroupPlan plan, String from, int other) throws PeerLostException {
        Member member = plan.members().get(other);
        SocketChannel near = LocalSocket.connect(member.bulk());
        SocketChannel channel = near;
        Handshake.Purpose purpose = new Handshake.Purpose(
                plan.spec().id(), plan.generation(), from, member.workerId(), member.incarnation());
        try {
            if (channel == null) {
                channel = SocketChannel.open();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            SocketChannel made = channel;
            return inTime(made, () -> {
                if (near == null) {
                    made.connect(new InetSocketAddress(
                            member.bulk().host(), member.bulk().port()));
                }
                Link link = link(made, near == null, NodeKeys::dialling);
                credentials.handshake().dial(input(link), output(link), purpose);
                return link;
            });
        } catch (IOException | RuntimeException e) {
            Lobby.close(channel);
            throw new PeerLostException(
                    member.workerId(),
                    "no connection to " + member.bulk().host() + ":"
                            + member.bulk().port() + ": " + e.getMessage());
        }
    }

    /** Sealed by TLS where it is TCP and this worker has keys: other users of the machine cannot reach a local socket. */
    private Link link(SocketChannel channel, boolean tcp, Function<NodeKeys, SSLEngine> side) throws IOException {
        NodeKeys keys = credentials.keys();
        return tcp && keys != null ? TlsLink.begin(channel, side.apply(keys)) : new Link.Plain(channel);
    }

    private static DataInputStream input(Link link) {
        return new DataInputStream(Channels.newInputStream(link));
    }

    private static DataOutputStream output(Link link) {
        return new DataOutputStream(Channels.newOutputStream(link));
    }

    /** Something that blocks on a channel, which has no time limit of its own. */
    private interface Talk<T> {
        T talk() throws IOException;
    }

    private <T> T inTime(SocketChannel channel, Talk<T> talk) throws IOException {
        ScheduledFuture<?> limit = clock.schedule(() -> Lobby.close(channel), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return talk.talk();
        } catch (ClosedChannelException e) {
            throw (IOException) new SocketTimeoutException("no answer within " + PATIENCE_MILLIS + " ms").initCause(e);
        } finally {
            limit.cancel(false);
        }
    }

    /** Waits for the connection that a member makes. */
    Link accepted(GroupPlan plan, int other, Duration patience, StopSignal stop)
            throws PeerLostException, InterruptedException {
        String from = plan.members().get(other).workerId();
        return lobby.take(plan.spec().id(), plan.generation(), from, patience, stop);
    }

    /** The connections, by worker, of those who wait in the generation of a group and are not in the group. */
    Map<String, Link> followers(GroupPlan plan) {
        return lobby.takeFollowers(plan);
    }

    private void accept(ServerSocketChannel door) {
        while (door.isOpen()) {
            SocketChannel channel = null;
            try {
                channel = door.accept();
                SocketChannel stranger = channel;
                doormen.execute(() -> greet(stranger, door == server));
            } catch (RejectedExecutionException e) {
                refuse(from(channel), "there were " + STRANGERS + " strangers already");
                Lobby.close(channel);
            } catch (IOException e) {
                if (door.isOpen()) {
                    LOG.warn("the bulk port of {}: {}", workerId, e.toString());
                }
            }
        }
    }

    private void greet(SocketChannel channel, boolean tcp) {
        SocketAddress from = from(channel);
        try {
            if (tcp) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            var unused = inTime(channel, () -> {
                Link link = link(channel, tcp, NodeKeys::accepting);
                Handshake.Purpose purpose = credentials
                        .handshake()
                        .accept(
                                input(link),
                                output(link),
                                p -> p.to().equals(workerId)
                                        && p.incarnation() == incarnation
                                        && lobby.admits(p.runId(), p.generation()));
                lobby.put(purpose, link);
                return link;
            });
        } catch (IOException | RuntimeException e) {
            if (e instanceof Handshake.NotServedException || RefusalReason.isMereEnd(e)) {
                LOG.info("a connection to the bulk port of {} ended: {}", workerId, e.toString());
            } else {
                refuse(from, RefusalReason.of(e));
            }
            Lobby.close(channel);
        }
    }

    private static @Nullable SocketAddress from(@Nullable SocketChannel channel) {
        try {
            return channel == null ? null : channel.getRemoteAddress();
        } catch (IOException e) {
            return null; // it has gone
        }
    }

    private void refuse(@Nullable SocketAddress from, String reason) {
        credentials.refusals().refused(from, "the bulk port", reason);
    }

    @Override
    public void close() {
        try {
            if (local != null) {
                local.close();
                LocalSocket.delete(address.port());
            }
            server.close();
        } catch (IOException e) {
            LOG.warn("the bulk port of {} could not be closed: {}", workerId, e.toString());
        }
        doormen.shutdownNow();
        clock.shutdownNow();
        lobby.close();
    }
}
