package org.isofleet.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.jspecify.annotations.Nullable;

/** A Kryo that knows the classes of a {@link WireDialect} and nothing else. */
final class WireKryo extends Kryo {
    /** Messages are trees a few records deep. */
    private static final int MAX_DEPTH = 32;

    /** Interfaces that travel under one number, whichever class implements them here; they arrive as immutable JDK classes. */
    private static final List<Class<?>> INTERFACES = List.of(ActorRef.class, List.class, Set.class, Map.class);

    WireKryo(WireDialect dialect, ActorRefResolver actors) {
        // References are off: messages are trees, and a reference number is one more thing that damage could turn into
        // anything.
        super(new ByNumber(), null);
        setRegistrationRequired(true);
        setMaxDepth(MAX_DEPTH);
        register(String.class, new ValueSerializers.Text());
        int id = 10; // 0 to 9 are Kryo's own: primitives and String
        register(ActorRef.class, new ValueSerializers.Actor(actors), id++);
        register(List.class, new ValueSerializers.Elements<>(List::copyOf), id++);
        register(Set.class, new ValueSerializers.Elements<>(Set::copyOf), id++);
        register(Map.class, new ValueSerializers.Entries(), id++);
        register(Optional.class, id++);
        register(Duration.class, id++);
        register(Instant.class, id++);
        dialect.classes().forEach((number, type) -> register(type, number));
    }

    /** Finds classes by number alone; a class name in the bytes is refused unread. */
    private static final class ByNumber extends DefaultClassResolver {
        @Override
        @SuppressWarnings("rawtypes") // as Kryo declares it
        public @Nullable Registration getRegistration(Class type) {
            Registration exact = super.getRegistration(type);
            if (exact != null) {
                return exact;
            }
            for (Class<?> known : INTERFACES) {
                if (known.isAssignableFrom(type)) {
                    return super.getRegistration(known);
                }
            }
            return null;
        }

        @Override
        protected Registration readName(Input input) {
            throw new KryoException("a class by name");
        }
    }
}
