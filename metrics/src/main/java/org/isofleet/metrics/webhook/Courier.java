package org.isofleet.metrics.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings notices to one hook, in order, on a thread of its own. A notice is brought until the hook has taken it (status 200 to 299), with longer
 * and longer pauses; when {@value #MOST_WAITING} wait, the oldest is dropped, and the next start brings it.
 */
final class Courier {
    static final int MOST_WAITING = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    /**
     * How patient it is.
     *
     * @param firstPause after the first failure; twice as long after each further one
     * @param longestPause at most that long
     * @param timeout for a hook to answer
     * @param closing for what still waits when it is closed
     */
    record Pace(Duration firstPause, Duration longestPause, Duration timeout, Duration closing) {
        static final Pace DEFAULT =
                new Pace(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    private final Webhook hook;
    private final SentNotices sent;
    private final Pace pace;
    private final HttpClient client;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Notice> waiting = new ArrayDeque<>();
    private boolean closing;

    Courier(Webhook hook, SentNotices sent, Pace pace) {
        this.hook = hook;
        this.sent = sent;
        this.pace = pace;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(pace.timeout())
                .build();
        thread = new Thread(this::run, "isofleet-webhook");
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a notice and returns at once; one that was brought, or waits, is not taken again. */
    void take(Notice notice) {
        lock.lock();
        try {
            boolean known = sent.has(hook, notice)
                    || waiting.stream().anyMatch(each -> each.id().equals(notice.id()));
            if (!known && hook.on().contains(notice.occasion())) {
                if (waiting.size() == MOST_WAITING) {
                    LOG.warn("{}: {} notices wait; the oldest is dropped", hook, MOST_WAITING);
                    waiting.removeFirst();
                }
                waiting.addLast(notice);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        int failures = 0;
        try {
            while (true) {
                Notice next = awaitNext(failures);
                if (next == null) {
                    return;
                }
                String failure = bring(next);
                if (failure == null) {
                    done(next);
                    if (failures > 0) {
                        LOG.info("{} takes notices again", hook);
                    }
                    failures = 0;
                } else {
                    if (failures == 0) {
                        LOG.warn("{} does not take a notice, which is brought again: {}", hook, failure);
                    }
                    failures++;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: ended", hook);
        }
    }

    /** The notice to bring, after the pause that is due; null when it is closed and none is left. */
    private @Nullable Notice awaitNext(int failures) throws InterruptedException {
        lock.lock();
        try {
            long left = failures == 0 ? 0 : pause(failures).toNanos();
            while (waiting.isEmpty() || left > 0) {
                if (!waiting.isEmpty()) {
                    left = changed.awaitNanos(
                            closing ? Math.min(left, pace.firstPause().toNanos()) : left);
                } else if (closing) {
                    return null;
                } else {
                    changed.await();
                }
            }
            return waiting.getFirst();
        } finally {
            lock.unlock();
        }
    }

    private Duration pause(int failures) {
        double doubled = pace.firstPause().toMillis() * Math.pow(2, Math.min(failures - 1, 20));
        double most = Math.min(doubled, (double) pace.longestPause().toMillis());
        // Many that failed together do not come back together.
        return Duration.ofMillis(Math.round(most * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }

    /** What went wrong; null when it was taken. */
    private @Nullable String bring(Notice notice) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(hook.url())
                .timeout(pace.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "isofleet")
                .header("Isofleet-Delivery", notice.id())
                .POST(HttpRequest.BodyPublishers.ofString(notice.body()));
        if (hook.secret() != null) {
            request.header("Isofleet-Signature", hook.signature(notice.body()));
        }
        try {
            // The answer's head is enough: whoever sends a body without an end keeps nobody.
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode() / 100 == 2 ? null : "it answers with status " + answer.statusCode();
        } catch (IOException e) {
            return e.toString();
        } catch (IllegalArgumentException e) {
            return "its address cannot be dialled"; // what the client says of it may hold the whole of it
        }
    }

    private void done(Notice notice) {
        sent.add(hook, notice);
        lock.lock();
        try {
            waiting.removeIf(each -> each.id().equals(notice.id()));
        } finally {
            lock.unlock();
        }
    }

    /** Has it end when nothing waits any more; pauses are short from now on. */
    void finish() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for its end until a moment of {@link System#nanoTime}, and then ends it. */
    void awaitEnd(long deadline) {
        try {
            thread.join(
                    Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        lock.lock();
        try {
            if (!waiting.isEmpty()) {
                LOG.warn("{}: {} notices were not taken; the next start brings them", hook, waiting.size());
            }
        } finally {
            lock.unlock();
        }
    }
}
