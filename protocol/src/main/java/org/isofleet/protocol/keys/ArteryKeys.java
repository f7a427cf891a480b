package org.isofleet.protocol.keys;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.isofleet.protocol.refusal.StrangerRefusedException;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * {@link NodeKeys} for the connections between actor systems. Pekko's own provider of rotating keys reads the same files, but fails every connection
 * while they do not fit together, and uses old ones for minutes.
 */
public final class ArteryKeys implements SSLEngineProvider {
    private static final String FOLDER = "isofleet.keys";

    private static final String LIMITS = "pekko.remote.artery.advanced.";

    private final NodeKeys keys;
    private final long longestFrameBytes;
    private final long longestLargeFrameBytes;

    /** Called by Pekko. */
    public ArteryKeys(ActorSystem system) {
        Config config = system.settings().config();
        keys = NodeKeys.open(Path.of(config.getString(FOLDER)));
        longestFrameBytes = config.getBytes(LIMITS + "maximum-frame-size");
        longestLargeFrameBytes = config.getBytes(LIMITS + "maximum-large-frame-size");
    }

    /** Settings of an actor system with these keys; none without. */
    public static Map<String, Object> settings(@Nullable Path folder) {
        return folder == null
                ? Map.of()
                : Map.of(
                        FOLDER,
                        folder.toAbsolutePath().toString(),
                        "pekko.remote.artery.transport",
                        "tls-tcp",
                        "pekko.remote.artery.ssl.ssl-engine-provider",
                        ArteryKeys.class.getName());
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        return new RefusingEngine(keys.accepting(), new FrameLimit(longestFrameBytes, longestLargeFrameBytes));
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        return keys.dialling();
    }

    /** Nothing is left to verify: {@link FleetTrust} did, before there was a session. */
    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return Option.empty();
    }

    /** The same, but that here is told how the connection has failed; a session that shows nobody's certificate is none either. */
    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        IOException failure = RefusingEngine.failure(session);
        if (failure == null) {
            try {
                session.getPeerPrincipal();
                return Option.empty();
            } catch (SSLPeerUnverifiedException e) {
                failure = e;
            }
        }
        return Option.apply(new StrangerRefusedException(failure));
    }
}
