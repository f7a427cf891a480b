package org.isofleet.worker.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * A connection sealed by TLS. Records are sealed from and opened into the vectors themselves; through a buffer of its own goes only a record
 * that the vectors have no room for, which is the last one of a message at most. Several records go to the socket at once: one alone
 * (16 KiB) costs a call of the system each.
 *
 * <p>Where the engine has to answer by itself, as when the other side changes its keys after so many bytes, the answer waits in the
 * buffer of what goes out, and counts as unsent.
 */
final class TlsLink implements Link {
    private static final int RECORDS_AT_ONCE = 8;
    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SocketChannel socket;
    private final SSLEngine engine;

    /** Sealed bytes from the socket, ready to be read. */
    private final ByteBuffer arrived;

    /** Opened bytes for which there was no room, ready to be read. */
    private final ByteBuffer opened;

    /** Sealed bytes for the socket, ready to be read. */
    private final ByteBuffer leaving;

    private TlsLink(SocketChannel socket, SSLEngine engine) {
        this.socket = socket;
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        arrived = ByteBuffer.allocateDirect(RECORDS_AT_ONCE * packet).flip();
        leaving = ByteBuffer.allocateDirect(RECORDS_AT_ONCE * packet).flip();
        opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize())
                .flip();
    }

    /**
     * Begins TLS on a socket that still blocks.
     *
     * @throws javax.net.ssl.SSLException when the other side has no certificate that is believed
     */
    static TlsLink begin(SocketChannel socket, SSLEngine engine) throws IOException {
        TlsLink link = new TlsLink(socket, engine);
        engine.beginHandshake();
        try {
            link.shakeHands();
        } catch (IOException e) {
            link.sendAlert();
            throw e;
        }
        return link;
    }

    private void shakeHands() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    seal(NOTHING, 0, 1);
                    flush();
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> hear();
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void hear() throws IOException {
        SSLEngineResult result = engine.unwrap(arrived, NOTHING, 0, 1);
        if (result.getStatus() == Status.CLOSED || (result.getStatus() == Status.BUFFER_UNDERFLOW && receive() < 0)) {
            throw new EOFException("closed before TLS was agreed on");
        }
    }

    /** Tells the other side why it is refused, if that can still be told. */
    private void sendAlert() {
        try {
            sealLast();
            flush();
        } catch (IOException e) {
            engine.closeOutbound(); // it is gone
        }
    }

    /** The engine is closed by the alert that it seals. */
    private void sealLast() throws IOException {
        try {
            seal(NOTHING, 0, 1);
        } catch (EOFException e) {
            engine.closeOutbound();
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public boolean unsent() {
        return leaving.hasRemaining();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        long sealed = 0;
        boolean taken;
        do {
            if (!unsent() && hasRemaining(from, offset, length)) {
                sealed += seal(from, offset, length);
            }
            taken = flush();
        } while (taken && (unsent() || hasRemaining(from, offset, length)));
        return sealed;
    }

    /** Seals as many records as there is room for; the buffer must be empty. */
    private long seal(ByteBuffer[] from, int offset, int length) throws IOException {
        long sealed = 0;
        runTasks();
        leaving.compact();
        try {
            SSLEngineResult result;
            do {
                result = engine.wrap(from, offset, length, leaving);
                sealed += result.bytesConsumed();
                if (result.getStatus() == Status.CLOSED) {
                    throw new EOFException("the connection has been closed");
                }
            } while (result.getStatus() == Status.OK
                    && result.bytesProduced() > 0
                    && (hasRemaining(from, offset, length)
                            || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP));
        } finally {
            leaving.flip();
        }
        return sealed;
    }

    /** Gives the socket what it takes; returns whether it took anything. */
    private boolean flush() throws IOException {
        int before = leaving.remaining();
        do {
            socket.write(leaving);
        } while (socket.isBlocking() && leaving.hasRemaining());
        return leaving.remaining() < before;
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        long read = 0;
        while (hasRemaining(into, offset, length)) {
            long more = open(into, offset, length);
            if (more <= 0) {
                return more < 0 && read == 0 ? more : read;
            }
            read += more;
            if (socket.isBlocking()) {
                return read; // who waits for some bytes must not wait for more
            }
        }
        return read;
    }

    /** Opens a record with bytes, or says that there is none yet (0) or none to come (-1). */
    private long open(ByteBuffer[] into, int offset, int length) throws IOException {
        while (!opened.hasRemaining()) {
            SSLEngineResult result = engine.unwrap(arrived, into, offset, length);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                opened.clear();
                result = engine.unwrap(arrived, opened);
                opened.flip();
            } else if (result.bytesProduced() > 0) {
                return result.bytesProduced();
            }
            if (result.getStatus() == Status.CLOSED) {
                return -1;
            }
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                int count = receive();
                if (count <= 0) {
                    return count;
                }
            }
            answer();
        }
        return move(into, offset, length);
    }

    /** Sends what the engine has to say by itself; while other bytes wait, it goes before those that are written next. */
    private void answer() throws IOException {
        if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING && !unsent()) {
            seal(NOTHING, 0, 1);
            flush();
        }
    }

    private int receive() throws IOException {
        arrived.compact();
        try {
            return socket.read(arrived);
        } finally {
            arrived.flip();
        }
    }

    private long move(ByteBuffer[] into, int offset, int length) {
        long moved = 0;
        for (int i = offset; i < offset + length && opened.hasRemaining(); i++) {
            int count = Math.min(opened.remaining(), into[i].remaining());
            into[i].put(into[i].position(), opened, opened.position(), count);
            into[i].position(into[i].position() + count);
            opened.position(opened.position() + count);
            moved += count;
        }
        return moved;
    }

    private static boolean hasRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }
}
