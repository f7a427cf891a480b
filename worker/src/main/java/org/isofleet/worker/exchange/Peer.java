package org.isofleet.worker.exchange;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/** The connection to one member: at most one message on its way out and one on its way in. */
final class Peer implements AutoCloseable {
    private static final ByteBuffer[] NOTHING = {};

    private final int member;
    private final String workerId;
    private final Link link;
    private final SelectionKey key;
    private final boolean local;

    /** The head of the message that comes in. */
    private final Frame received = new Frame();

    /** What that head must be. */
    private final Frame expected = new Frame();

    /** The head of the message that goes out. */
    private final Frame sent = new Frame();

    private ByteBuffer[] out = NOTHING;
    private ByteBuffer[] in = NOTHING;
    private int outAt;
    private int inAt;
    private boolean headChecked;

    Peer(int member, String workerId, Link link, Selector selector) throws IOException {
        this.member = member;
        this.workerId = workerId;
        this.link = link;
        SocketChannel channel = link.socket();
        this.local = channel.getRemoteAddress() instanceof UnixDomainSocketAddress;
        channel.configureBlocking(false);
        this.key = channel.register(selector, 0);
    }

    /** Whether it is on this machine, by a {@link LocalSocket}. */
    boolean isLocal() {
        return local;
    }

    int member() {
        return member;
    }

    String workerId() {
        return workerId;
    }

    Frame received() {
        return received;
    }

    Frame expected() {
        return expected;
    }

    Frame sent() {
        return sent;
    }

    /** Puts head and payload into one array, to be given to {@link #send} again and again. */
    ByteBuffer[] outgoing(List<ByteBuffer> payload) {
        return withHead(sent, payload);
    }

    /** The same for {@link #receive}. */
    ByteBuffer[] incoming(List<ByteBuffer> payload) {
        return withHead(received, payload);
    }

    private static ByteBuffer[] withHead(Frame head, List<ByteBuffer> payload) {
        ByteBuffer[] buffers = new ByteBuffer[payload.size() + 1];
        buffers[0] = head.bytes();
        for (int i = 0; i < payload.size(); i++) {
            buffers[i + 1] = payload.get(i);
        }
        return buffers;
    }

    static long payloadBytes(ByteBuffer[] buffers) {
        long bytes = 0;
        for (int i = 1; i < buffers.length; i++) {
            bytes += buffers[i].capacity();
        }
        return bytes;
    }

    /** Starts a message; its head must have been set. */
    void send(ByteBuffer[] buffers) {
        rewind(buffers);
        out = buffers;
        outAt = 0;
    }

    /** Expects a message; {@link #expected} must have been set. */
    void receive(ByteBuffer[] buffers) {
        rewind(buffers);
        in = buffers;
        inAt = 0;
        headChecked = false;
    }

    private static void rewind(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            buffer.clear();
        }
    }

    boolean sending() {
        return outAt < out.length || link.unsent();
    }

    boolean receiving() {
        return inAt < in.length;
    }

    /** Moves what can be moved without waiting; returns whether anything was. */
    boolean move() throws PeerLostException {
        try {
            boolean moved = sending() && write();
            return (receiving() && read()) || moved;
        } catch (IOException e) {
            throw new PeerLostException(workerId, "the connection broke: " + e.getMessage());
        }
    }

    private boolean write() throws IOException {
        boolean moved = link.write(out, outAt, out.length - outAt) > 0;
        while (outAt < out.length && !out[outAt].hasRemaining()) {
            outAt++;
        }
        return moved;
    }

    private boolean read() throws IOException, PeerLostException {
        long count = link.read(in, inAt, in.length - inAt);
        if (count < 0) {
            throw new PeerLostException(workerId, "the connection was closed by the other side");
        }
        while (inAt < in.length && !in[inAt].hasRemaining()) {
            inAt++;
        }
        if (!headChecked && inAt > 0) {
            headChecked = true;
            String difference = received.difference(expected);
            if (difference != null) {
                throw new PeerLostException(workerId, difference);
            }
        }
        return count > 0;
    }

    /** Tells the selector what this connection waits for. */
    void await() {
        int interest = (sending() ? SelectionKey.OP_WRITE : 0) | (receiving() ? SelectionKey.OP_READ : 0);
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    @Override
    public void close() {
        try {
            link.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
