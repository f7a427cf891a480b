package org.isofleet.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameLimitTest {
    private static final int MOST = 1_000;
    private static final int MOST_LARGE = 5_000;

    private static byte[] stream(int number, int... lengths) {
        ByteBuffer stream = ByteBuffer.allocate(20_000).order(ByteOrder.LITTLE_ENDIAN);
        stream.put("AKKA".getBytes(StandardCharsets.US_ASCII)).put((byte) number);
        for (int length : lengths) {
            stream.putInt(length);
            for (int i = 0; i < length && length <= MOST_LARGE; i++) {
                stream.put((byte) -1); // would be a length beyond all, where a length is due
            }
        }
        byte[] bytes = new byte[stream.flip().remaining()];
        stream.get(bytes);
        return bytes;
    }

    private static void read(byte[] stream, int piece) throws ProtocolException {
        FrameLimit limit = new FrameLimit(MOST, MOST_LARGE);
        for (int at = 0; at < stream.length; at += piece) {
            ByteBuffer bytes = ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at));
            limit.read(bytes);
            assertThat(bytes.position()).isEqualTo(at);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1_003, 20_000})
    void framesUpToTheLimit_pass_howeverTheyAreCut(int piece) {
        assertThatCode(() -> read(stream(1, 3, 0, MOST, 1, MOST), piece)).doesNotThrowAnyException();
        assertThatCode(() -> read(stream(3, MOST_LARGE, 0, 2, MOST_LARGE), piece))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"1, 1001, 1000", "2, 2147483647, 1000", "3, 5001, 5000"})
    void longerFrame_isRefusedByItsLengthAlone(int number, int length, int most) {
        for (int piece : new int[] {1, 4, 20_000}) {
            assertThatThrownBy(() -> read(stream(number, 7, length), piece))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("it sends a frame of %d bytes, where %d are the most", length, most);
        }
    }

    @Test
    void lengthBelowZero_isNone() {
        assertThatThrownBy(() -> read(stream(1, -1), 3)).hasMessageContaining("4294967295 bytes");
    }
}
