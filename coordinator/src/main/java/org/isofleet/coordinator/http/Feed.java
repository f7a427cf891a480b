package org.isofleet.coordinator.http;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Server-sent events to many (the event stream of the HTML standard): each frame is made once, and whoever does not take them as they come is let go
 * with a full queue instead of being waited for. A browser then comes again and is told all anew.
 */
final class Feed {
    /** Connections at a time, all of one feed. */
    static final int MOST = 256;

    private static final int QUEUE = 256;
    private static final ByteString PING = ByteString.fromString(": ping\n\n");

    private final Set<BoundedSourceQueue<ByteString>> takers = ConcurrentHashMap.newKeySet();

    /** One event as it travels. */
    static ByteString frame(String name, byte[] json) {
        return ByteString.fromString("event: " + name + "\ndata: ")
                .concat(ByteString.fromArrayUnsafe(json))
                .concat(ByteString.fromString("\n\n", StandardCharsets.US_ASCII));
    }

    boolean isEmpty() {
        return takers.isEmpty();
    }

    boolean isFull() {
        return takers.size() >= MOST;
    }

    /** What a new taker is sent: these first, then everything from now on. */
    Source<ByteString, NotUsed> frames(Iterable<ByteString> first) {
        return Source.<ByteString>queue(QUEUE)
                .mapMaterializedValue(queue -> {
                    first.forEach(queue::offer);
                    takers.add(queue);
                    return queue;
                })
                .watchTermination((queue, ended) -> {
                    ended.whenComplete((done, failure) -> takers.remove(queue));
                    return NotUsed.getInstance();
                });
    }

    void send(ByteString frame) {
        for (BoundedSourceQueue<ByteString> taker : takers) {
            if (!taker.offer(frame).equals(QueueOfferResult.enqueued()) && !taker.isCompleted()) {
                taker.complete();
            }
        }
    }

    /** So that a connection that is idle stays, and one whose other end has gone is noticed. */
    void ping() {
        send(PING);
    }

    int takers() {
        return takers.size();
    }

    void close() {
        takers.forEach(taker -> {
            if (!taker.isCompleted()) {
                taker.complete();
            }
        });
        takers.clear();
    }
}
