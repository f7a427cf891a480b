package org.isofleet.protocol.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArteryRefusalsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Aborting tcp connection to /10.0.0.9:4711 because of upstream failure: stranger refused: it hides"
                        + "|10.0.0.9|4711|it hides",
                "Aborting tcp connection to host.example/10.0.0.9:4711 because of upstream failure: stranger refused: it hides"
                        + "|10.0.0.9|4711|it hides",
                "Aborting tcp connection to /[0:0:0:0:0:0:0:1]:47 because of upstream failure: stranger refused: it hides"
                        + "|[0:0:0:0:0:0:0:1]|47|it hides"
            })
    void line_isRead(String line, String host, int port, String reason) {
        assertThat(ArteryRefusals.read(line)).hasValueSatisfying(refused -> {
            assertThat(refused.from().getHostString()).isEqualTo(host);
            assertThat(refused.from().getPort()).isEqualTo(port);
            assertThat(refused.reason()).isEqualTo(reason);
        });
    }

    @Test
    void otherLines_areNone() {
        assertThat(ArteryRefusals.read("Aborting tcp connection to /10.0.0.9:4711 because of upstream failure: a bug"))
                .isEmpty();
        assertThat(ArteryRefusals.read("stranger refused: by a log")).isEmpty();
    }

    @Test
    void whoSpeaksNoArtery_isTold_withoutKeysToo() throws IOException {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "refusing",
                ConfigFactory.parseMap(ArteryRefusals.settings())
                        .withFallback(ConfigFactory.parseMap(Map.of(
                                "pekko.actor.provider", "remote",
                                "pekko.remote.artery.transport", "tcp",
                                "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                                "pekko.remote.artery.canonical.port", 0)))
                        .withFallback(ConfigFactory.load()));
        try {
            Refusals refusals = new Refusals();
            List<String> told = new CopyOnWriteArrayList<>();
            refusals.heardBy(told::add);
            ArteryRefusals.tell(system, refusals);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), (int)
                    system.address().port().get())) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await().untilAsserted(() -> assertThat(told)
                        .containsExactly("refused 127.0.0.1:" + socket.getLocalPort()
                                + " at the actors' port: it does not speak the protocol of actors"));
            }
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }
}
