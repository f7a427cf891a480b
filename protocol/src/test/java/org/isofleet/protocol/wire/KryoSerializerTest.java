package org.isofleet.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.PlacementCommand;
import org.isofleet.protocol.run.RunCommand;
import org.isofleet.protocol.run.StudyCommand;

class KryoSerializerTest {
    /** What this test sends beside the protocol's messages. */
    public static final class TestCatalog implements WireCatalog {
        @Override
        public int firstId() {
            return 9000;
        }

        @Override
        public List<Class<?>> classes() {
            return List.of(Everything.class, Nested.class);
        }
    }

    record Everything(
            Optional<String> some,
            Optional<String> none,
            Duration duration,
            Instant instant,
            Set<Long> set,
            Map<String, Integer> map,
            List<List<Double>> lists)
            implements WireMessage {}

    record Nested(Object inner) implements WireMessage {}

    record Unlisted(String text) implements WireMessage {}

    private static final ActorSystem<Object> system = ActorSystem.create(
            Behaviors.empty(),
            "wire",
            ConfigFactory.parseString("isofleet.wire.catalogs.test = \"" + TestCatalog.class.getName() + "\"")
                    .withFallback(ConfigFactory.load()));
    private static final Serialization serialization = SerializationExtension.get(system);
    private static final KryoSerializer serializer =
            new KryoSerializer((ExtendedActorSystem) Adapter.toClassic(system));

    @AfterContainer
    static void stop() {
        system.terminate();
    }

    @Provide
    Arbitrary<Class<?>> messages() {
        return Arbitraries.of(Stream.of(
                        GatewayMessage.class,
                        WorkerCommand.class,
                        RunCommand.class,
                        PlacementCommand.class,
                        StudyCommand.class)
                .flatMap(type -> RandomMessages.records(type).stream())
                .toList());
    }

    @Property(tries = 600)
    void everyMessage_comesBackEqual(@ForAll("messages") Class<?> type, @ForAll long seed) throws Exception {
        Object message = new RandomMessages(seed, system).make(type);
        assertThat(serialization.findSerializerFor(message)).isInstanceOf(KryoSerializer.class);
        String manifest = serializer.manifest(message);
        assertThat(manifest).startsWith("1/protocol/");
        assertThat(serializer.fromBinary(serializer.toBinary(message), manifest))
                .isEqualTo(message);
    }

    @Property(tries = 1500)
    void damagedMessage_isRefusedOrStillAMessage(@ForAll("messages") Class<?> type, @ForAll long seed) {
        Object message = new RandomMessages(seed, system).make(type);
        byte[] bytes = serializer.toBinary(message);
        Random random = new Random(seed);
        for (int i = 0; i <= random.nextInt(3); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        assertMessageOrRefusal(bytes, serializer.manifest(message));
    }

    @Property(tries = 1500)
    void garbage_isRefusedOrAMessage(@ForAll byte[] bytes) {
        assertMessageOrRefusal(bytes, serializer.manifest(new WorkerCommand.Shutdown()));
    }

    private static void assertMessageOrRefusal(byte[] bytes, String manifest) {
        Throwable thrown = catchThrowable(
                () -> assertThat(serializer.fromBinary(bytes, manifest)).isInstanceOf(WireMessage.class));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(NotSerializableException.class);
            assertThat(thrown.getMessage()).startsWith("damaged message").hasLineCount(1);
        }
    }

    @Example
    void hugeLengths_takeNoMemory() {
        // Goodbye's components in order of name: incarnation, reason, workerId; the reason claims 2 GiB.
        byte[] bytes = serializer.toBinary(new GatewayMessage.Goodbye("w1", 1, "a reason"));
        int reason = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("a reason");
        byte[] length = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
        System.arraycopy(length, 0, bytes, reason - 1, length.length);
        assertThatThrownBy(() -> serializer.fromBinary(bytes, serializer.manifest(new WorkerCommand.Shutdown())))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("a length of 2147483647");
    }

    @Example
    void valuesOfTheJdk_comeBackEqual() throws Exception {
        Everything message = new Everything(
                Optional.of("x"),
                Optional.empty(),
                Duration.ofNanos(-5),
                Instant.ofEpochSecond(1, 2),
                Set.of(1L, 2L),
                Map.of("a", 1),
                new ArrayList<>(List.of(List.of(), List.of(1.5))));
        assertThat(serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message)))
                .isEqualTo(message);
    }

    @Example
    void unlistedClass_isRefusedOnWriting() {
        assertThatThrownBy(() -> serializer.manifest(new Unlisted("x"))).hasMessageContaining("in no wire catalog");
        assertThatThrownBy(() -> serializer.toBinary(new Nested(new Unlisted("x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unlisted");
    }

    @Example
    void className_isNeverLookedUp() {
        byte[] bytes = new byte[200];
        com.esotericsoftware.kryo.io.Output output = new com.esotericsoftware.kryo.io.Output(bytes);
        output.writeVarInt(1, true); // Kryo's mark of a class by name
        output.writeVarInt(0, true);
        output.writeString(Unlisted.class.getName());
        assertThatThrownBy(() -> serializer.fromBinary(bytes, serializer.manifest(new WorkerCommand.Shutdown())))
                .hasMessageContaining("a class by name");
    }

    @Example
    void deepNesting_isRefused() {
        Object message = "end";
        for (int i = 0; i < 100; i++) {
            message = new Nested(message);
        }
        Object deep = message;
        assertThatThrownBy(() -> serializer.toBinary(deep)).hasMessageContaining("depth");
    }

    @Example
    void largeMessage_isRefusedBySender() {
        assertThatThrownBy(() -> serializer.toBinary(new GatewayMessage.Goodbye("w", 1, "x".repeat(300_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 245760 bytes");
    }

    @Example
    void otherVersion_isRefusedWithTheMend() {
        byte[] bytes = serializer.toBinary(new WorkerCommand.Shutdown());
        String manifest = serializer.manifest(new WorkerCommand.Shutdown());
        for (String other : List.of(manifest.replaceFirst("1", "2"), manifest + "0", "")) {
            assertThatThrownBy(() -> serializer.fromBinary(bytes, other))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("run the same version of Isofleet on all machines");
        }
    }

    @Example
    void javaSerialization_isOff() {
        assertThat(catchThrowable(() -> serialization
                        .serialize(new java.util.concurrent.atomic.AtomicLong())
                        .get()))
                .isNotNull();
    }
}
