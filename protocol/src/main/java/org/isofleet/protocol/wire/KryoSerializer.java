package org.isofleet.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import com.typesafe.config.Config;
import java.io.NotSerializableException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes {@link WireMessage}s with Kryo. Only classes of the {@link WireCatalog}s can be written or come into being by reading;
 * nothing is looked up by name. The manifest says version and classes of the sender, and another version's messages
 * are refused before a byte of them is read.
 *
 * <p>Whatever arrives, reading ends with a message or a {@link NotSerializableException}, which Artery logs as one dropped message:
 * lengths are checked against the bytes at hand before memory is taken, and nesting is bounded.
 */
public final class KryoSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 25_110_870;

    private final WireDialect dialect;
    private final Pool<Kryo> kryos;
    private final int maxBytes;

    /** Called by Pekko. */
    public KryoSerializer(ExtendedActorSystem system) {
        Config config = system.settings().config().getConfig("isofleet.wire");
        dialect = new WireDialect(config.getConfig("catalogs"));
        maxBytes = Math.toIntExact(config.getBytes("max-message-bytes"));
        kryos = new Pool<>(true, true) {
            @Override
            protected Kryo create() {
                return new WireKryo(dialect, ActorRefResolver.get(Adapter.toTyped(system)));
            }
        };
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    /** @throws IllegalArgumentException when the message's class is in no catalog */
    @Override
    public String manifest(Object message) {
        Kryo kryo = kryos.obtain();
        try {
            return dialect.manifest(kryo.getRegistration(message.getClass()).getId());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(message.getClass().getName() + " is in no wire catalog", e);
        } finally {
            kryos.free(kryo);
        }
    }

    /** @throws IllegalArgumentException when it holds something of no catalog, or is larger than a message may be */
    @Override
    public byte[] toBinary(Object message) {
        Kryo kryo = kryos.obtain();
        try (Output output = new Output(512, maxBytes)) {
            kryo.writeClassAndObject(output, message);
            return output.toBytes();
        } catch (KryoException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot send " + message.getClass().getName() + " (at most " + maxBytes + " bytes): "
                            + firstLine(e),
                    e);
        } finally {
            kryos.free(kryo);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        if (!dialect.understands(manifest)) {
            throw new NotSerializableException("message of another version, " + manifest + "; this node speaks "
                    + dialect + ": run the same version of Isofleet on all machines");
        }
        if (bytes.length > maxBytes) {
            throw new NotSerializableException(
                    "message of " + bytes.length + " bytes, at most " + maxBytes + " are taken");
        }
        Kryo kryo = kryos.obtain();
        try (Input input = new Input(bytes)) {
            Object message = kryo.readClassAndObject(input);
            if (!(message instanceof WireMessage) || input.position() != bytes.length) {
                throw new NotSerializableException("damaged message of " + bytes.length + " bytes: no message in it");
            }
            return message;
        } catch (RuntimeException e) {
            NotSerializableException refusal =
                    new NotSerializableException("damaged message of " + bytes.length + " bytes: " + firstLine(e));
            refusal.initCause(e);
            throw refusal;
        } finally {
            kryos.free(kryo);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
