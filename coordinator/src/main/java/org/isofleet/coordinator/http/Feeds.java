package org.isofleet.coordinator.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.isofleet.metrics.live.LiveEvent;

/** What is streamed: each event as it comes, and the changes of the board, gathered for a moment. */
final class Feeds implements Consumer<LiveEvent> {
    private final LiveModel model;
    private final Feed events = new Feed();
    private final Feed changes = new Feed();

    Feeds(LiveModel model) {
        this.model = model;
    }

    @Override
    public void accept(LiveEvent event) {
        model.accept(event);
        if (!events.isEmpty()) {
            events.send(Feed.frame(event.eventName(), WireJson.event(event)));
        }
    }

    /** To be called again and again, some times a second. */
    void tick() {
        BoardChanges changed = model.changes();
        if (changed != null && !changes.isEmpty()) {
            changes.send(Feed.frame("changes", WireJson.answer(changed)));
        }
    }

    /** To be called again and again, every few seconds. */
    void ping() {
        events.ping();
        changes.ping();
    }

    HttpResponse events() {
        return stream(events);
    }

    HttpResponse changes() {
        return stream(changes);
    }

    private HttpResponse stream(Feed feed) {
        if (feed.isFull()) {
            throw Refused.full();
        }
        byte[] hello = ("{\"sequence\":" + model.sequence() + "}").getBytes(StandardCharsets.US_ASCII);
        return Replies.events(feed.frames(List.<ByteString>of(Feed.frame("hello", hello))));
    }

    int watchers() {
        return events.takers() + changes.takers();
    }

    void close() {
        events.close();
        changes.close();
    }
}
