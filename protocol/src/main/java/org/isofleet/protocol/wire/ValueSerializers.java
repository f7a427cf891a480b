package org.isofleet.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** How values that are not records travel. Every length is checked against the bytes that are left before memory is taken. */
final class ValueSerializers {
    private ValueSerializers() {}

    private static int readLength(Input input) {
        int length = input.readVarInt(true);
        int left = input.limit() - input.position();
        if (length < 0 || length > left) {
            throw new KryoException("a length of " + length + " with " + left + " bytes left");
        }
        return length;
    }

    /** UTF-8 behind its length; Kryo's own takes memory for whatever length it reads. */
    static final class Text extends Serializer<String> {
        Text() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            output.writeVarInt(bytes.length, true);
            output.writeBytes(bytes);
        }

        @Override
        public String read(Kryo kryo, Input input, Class<? extends String> type) {
            return new String(input.readBytes(readLength(input)), StandardCharsets.UTF_8);
        }
    }

    /** Actors travel as addresses. */
    static final class Actor extends Serializer<ActorRef<?>> {
        private final ActorRefResolver resolver;

        Actor(ActorRefResolver resolver) {
            super(false, true);
            this.resolver = resolver;
        }

        @Override
        public void write(Kryo kryo, Output output, ActorRef<?> actor) {
            kryo.writeObject(output, resolver.toSerializationFormat(actor));
        }

        @Override
        public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
            return resolver.resolveActorRef(kryo.readObject(input, String.class));
        }
    }

    /** Lists and sets, elements of any known class, no nulls. */
    static final class Elements<C extends Collection<?>> extends Serializer<C> {
        private final Function<Collection<?>, C> copy;

        Elements(Function<Collection<?>, C> copy) {
            super(false, true);
            this.copy = copy;
        }

        @Override
        public void write(Kryo kryo, Output output, C elements) {
            output.writeVarInt(elements.size(), true);
            elements.forEach(element -> kryo.writeClassAndObject(output, element));
        }

        @Override
        public C read(Kryo kryo, Input input, Class<? extends C> type) {
            int size = readLength(input);
            Collection<Object> elements = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                elements.add(kryo.readClassAndObject(input));
            }
            return copy.apply(elements);
        }
    }

    /** Maps, keys and values of any known class, no nulls. */
    static final class Entries extends Serializer<Map<?, ?>> {
        Entries() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, Map<?, ?> map) {
            output.writeVarInt(map.size(), true);
            map.forEach((key, value) -> {
                kryo.writeClassAndObject(output, key);
                kryo.writeClassAndObject(output, value);
            });
        }

        @Override
        public Map<?, ?> read(Kryo kryo, Input input, Class<? extends Map<?, ?>> type) {
            int size = readLength(input);
            Map<Object, Object> map = new HashMap<>();
            for (int i = 0; i < size; i++) {
                map.put(kryo.readClassAndObject(input), kryo.readClassAndObject(input));
            }
            return Map.copyOf(map);
        }
    }
}
