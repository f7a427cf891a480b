package org.isofleet.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class RefusingEngineTest {
    private static final ByteBuffer NO_TLS = ByteBuffer.wrap("no TLS at all".getBytes(StandardCharsets.US_ASCII));

    /** The other side is told first, so it is the session that bears the failure. */
    @Test
    void failure_isKeptForTheOtherSideToBeTold() throws Exception {
        RefusingEngine engine = begun();
        engine.unwrap(NO_TLS.duplicate(), ByteBuffer.allocate(1 << 16));
        assertThat(RefusingEngine.failure(engine.getSession())).isInstanceOf(SSLException.class);
        assertThat(engine.isInboundDone()).isFalse();
    }

    /** Else who only waits for the other's end would wait for ever. */
    @Test
    void failure_ofASessionThatHasEndedHere_isThrown() throws Exception {
        RefusingEngine engine = begun();
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(1 << 16));
        }
        assertThatThrownBy(() -> engine.unwrap(NO_TLS.duplicate(), ByteBuffer.allocate(1 << 16)))
                .isInstanceOf(SSLException.class);
    }

    private static RefusingEngine begun() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        engine.beginHandshake();
        engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(1 << 16));
        return new RefusingEngine(engine, new FrameLimit(1 << 16, 1 << 16));
    }
}
