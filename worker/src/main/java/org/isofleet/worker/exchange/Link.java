package org.isofleet.worker.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SocketChannel;

/** A connection between two workers, whose bytes travel as they are or sealed by TLS. It blocks while its socket does. */
interface Link extends GatheringByteChannel, ScatteringByteChannel, Closeable {
    /** What is waited for, and closed. */
    SocketChannel socket();

    /** Whether bytes that were written still wait for the socket to take them; writing nothing moves them on. */
    boolean unsent();

    @Override
    default boolean isOpen() {
        return socket().isOpen();
    }

    @Override
    default void close() throws IOException {
        socket().close();
    }

    @Override
    default long read(ByteBuffer[] into) throws IOException {
        return read(into, 0, into.length);
    }

    @Override
    default int read(ByteBuffer into) throws IOException {
        return (int) read(new ByteBuffer[] {into}, 0, 1);
    }

    @Override
    default long write(ByteBuffer[] from) throws IOException {
        return write(from, 0, from.length);
    }

    @Override
    default int write(ByteBuffer from) throws IOException {
        return (int) write(new ByteBuffer[] {from}, 0, 1);
    }

    /** Bytes as they are. */
    record Plain(SocketChannel socket) implements Link {
        @Override
        public boolean unsent() {
            return false;
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            return socket.read(into, offset, length);
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            return socket.write(from, offset, length);
        }
    }
}
