package org.isofleet.protocol.refusal;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who were turned away at ports of this node. A person should hear of them, for a stranger is either an attack or a node of one's own with the wrong
 * keys: one line in the log, and to whoever asked to hear of it, with the address and the reason, and never a stack trace. See {@link RefusalPace} for how often.
 */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private static final String UNKNOWN = "somebody who has gone";

    private final RefusalPace pace = new RefusalPace();
    private final List<Consumer<String>> hearers = new CopyOnWriteArrayList<>();

    /** From now on these lines are told there too, on the thread that refuses. */
    public void heardBy(Consumer<String> hearer) {
        hearers.add(hearer);
    }

    /**
     * @param from where the connection came from; null when it is not known any more
     * @param door which port it came to, for people
     * @param reason as of {@link RefusalReason}
     */
    public void refused(@Nullable SocketAddress from, String door, String reason) {
        if (from instanceof InetSocketAddress inet) {
            String host = inet.getAddress() == null
                    ? inet.getHostString()
                    : inet.getAddress().getHostAddress();
            refused(host, host + ":" + inet.getPort(), door, reason);
        } else {
            refused(UNKNOWN, UNKNOWN, door, reason);
        }
    }

    private void refused(String host, String address, String door, String reason) {
        String line;
        synchronized (pace) {
            line = pace.next(host, reason, System.nanoTime() / 1_000_000)
                    .map(rest -> "refused " + address + " at " + door + ": " + reason + rest)
                    .orElse("");
        }
        if (!line.isEmpty()) {
            LOG.warn("{}", line);
            hearers.forEach(hearer -> hearer.accept(line));
        }
    }
}
