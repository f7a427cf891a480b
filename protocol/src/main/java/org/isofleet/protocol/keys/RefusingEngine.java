package org.isofleet.protocol.keys;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a connection between actor systems that was accepted, such that it can be told who was refused and why.
 *
 * <p>Pekko's TLS knows the failure and not the address; its TCP knows the address, and ends without a word when TLS has failed. Only one failure
 * goes from the one to the other: that of a session that is refused once the handshake is done. So a failure of TLS, or a frame that is too
 * long ({@link FrameLimit}), is not thrown here. The engine says what TLS has to say of it to the other side (the alert), and then that its handshake is finished, with a session that bears the
 * failure; {@link ArteryKeys} refuses that session. This lets nobody in: the engine beneath has failed for good, and what comes after the failure is
 * thrown away unread.
 */
final class RefusingEngine extends SSLEngine {
    private static final String FAILURE = "isofleet.failure";

    private final SSLEngine engine;
    private final FrameLimit frames;
    private @Nullable IOException failure;
    private boolean ended;

    RefusingEngine(SSLEngine engine, FrameLimit frames) {
        this.engine = engine;
        this.frames = frames;
    }

    /** Why the session must be refused; null where TLS has not failed. */
    static @Nullable IOException failure(SSLSession session) {
        return (IOException) session.getValue(FAILURE);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] into, int offset, int length) {
        if (failure == null) {
            try {
                return read(from, into, offset, length);
            } catch (SSLException e) {
                fail(e);
            } catch (ProtocolException e) {
                engine.closeOutbound();
                engine.getSession()
                        .invalidate(); // what bears the failure must not be resumed by an innocent connection
                fail(e);
            }
        }
        from.position(from.limit());
        return new SSLEngineResult(Status.OK, getHandshakeStatus(), 0, 0);
    }

    /** What is refused is not passed on. */
    private SSLEngineResult read(ByteBuffer from, ByteBuffer[] into, int offset, int length)
            throws SSLException, ProtocolException {
        int[] starts = new int[length];
        for (int i = 0; i < length; i++) {
            starts[i] = into[offset + i].position();
        }
        SSLEngineResult result = engine.unwrap(from, into, offset, length);
        try {
            for (int i = 0; i < length; i++) {
                frames.read(into[offset + i].duplicate().flip().position(starts[i]));
            }
        } catch (ProtocolException e) {
            for (int i = 0; i < length; i++) {
                into[offset + i].position(starts[i]);
            }
            throw e;
        }
        return result;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer into) {
        if (failure == null) {
            try {
                return engine.wrap(from, offset, length, into);
            } catch (SSLException e) {
                fail(e);
            }
        }
        int alert = alert(into);
        if (alert > 0) {
            return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_WRAP, 0, alert);
        }
        boolean first = !ended;
        ended = true;
        return first
                ? new SSLEngineResult(Status.OK, HandshakeStatus.FINISHED, 0, 0)
                : new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
    }

    private void fail(IOException e) {
        failure = e;
        engine.getSession().putValue(FAILURE, e);
    }

    /** Bytes of what TLS has still to say. */
    private int alert(ByteBuffer into) {
        try {
            return engine.isOutboundDone()
                    ? 0
                    : engine.wrap(ByteBuffer.allocate(0), into).bytesProduced();
        } catch (SSLException e) {
            return 0; // it has failed already, which is known
        }
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (failure == null) {
            return engine.getHandshakeStatus();
        }
        return ended ? HandshakeStatus.NOT_HANDSHAKING : HandshakeStatus.NEED_WRAP;
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return failure == null ? engine.getDelegatedTask() : null;
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public boolean isInboundDone() {
        return failure == null ? engine.isInboundDone() : ended;
    }

    @Override
    public boolean isOutboundDone() {
        return failure == null ? engine.isOutboundDone() : ended;
    }

    @Override
    public void closeInbound() throws SSLException {
        if (failure == null) {
            engine.closeInbound();
        }
    }

    @Override
    public void closeOutbound() {
        engine.closeOutbound();
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public void setUseClientMode(boolean mode) {
        engine.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        engine.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }
}
