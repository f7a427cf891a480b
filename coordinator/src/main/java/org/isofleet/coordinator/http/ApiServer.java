package org.isofleet.coordinator.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.SystemMaterializer;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the study over HTTP until it is closed; one a coordinator. */
public final class ApiServer implements AutoCloseable {
    /** Between two frames of the dashboard: an event shows within half a second. */
    private static final Duration TICK = Duration.ofMillis(200);

    private static final Duration PING = Duration.ofSeconds(10);
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    private final HttpSettings settings;
    private final ServerBinding binding;
    private final List<Endpoint> endpoints;
    private final Feeds feeds;
    private final List<Cancellable> timers;

    private ApiServer(
            HttpSettings settings,
            ServerBinding binding,
            List<Endpoint> endpoints,
            Feeds feeds,
            List<Cancellable> timers) {
        this.settings = settings;
        this.binding = binding;
        this.endpoints = endpoints;
        this.feeds = feeds;
        this.timers = timers;
    }

    /**
     * Listens; what is asked for is done by {@code operator}. From then on events that are given to {@link #watcher} are shown.
     *
     * @throws InvalidSpecException when the port is taken, or there is no such address
     * @throws IOException when the study folder cannot be read, or no tokens be made in it
     */
    public static ApiServer start(HttpSettings settings, Operator operator, ActorSystem<?> system, Clock clock)
            throws IOException {
        NodeKeys keys = settings.keys() == null ? null : NodeKeys.open(settings.keys());
        AccessTokens tokens = AccessTokens.open(settings.studyFolder());
        StudyView view = StudyFolder.find(settings.studyFolder()).orElse(StudyView.EMPTY);
        LiveModel model = new LiveModel(view, StudyFolder.events(settings.studyFolder()), clock);
        Feeds feeds = new Feeds(model);
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        List<Endpoint> endpoints =
                new ArrayList<>(new ReadEndpoints(model, feeds, settings.studyFolder(), blocking).all());
        endpoints.addAll(new OperateEndpoints(model, operator).all());
        endpoints.add(new MetricsEndpoint(model, settings.studyFolder(), blocking).endpoint());
        Dispatch dispatch = new Dispatch(
                endpoints,
                new Gate(tokens, settings.refusals()),
                SystemMaterializer.get(system).materializer());
        ServerBuilder builder = Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(ServerSettings.create(Limits.CONFIG));
        if (keys != null) {
            builder = builder.enableHttps(ConnectionContext.httpsServer(keys::serving));
        }
        ServerBinding binding = bound(settings, builder, dispatch);
        List<Cancellable> timers = List.of(
                system.scheduler().scheduleWithFixedDelay(TICK, TICK, safely(feeds::tick), system.executionContext()),
                system.scheduler().scheduleWithFixedDelay(PING, PING, safely(feeds::ping), system.executionContext()));
        ApiServer server = new ApiServer(settings, binding, endpoints, feeds, timers);
        LOG.info("serving {}", server.url());
        return server;
    }

    private static ServerBinding bound(HttpSettings settings, ServerBuilder builder, Dispatch dispatch) {
        try {
            return builder.bind(dispatch).toCompletableFuture().get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
                    throw new InvalidSpecException("--http: cannot listen on " + settings.host() + ":"
                            + settings.port() + " (" + cause.getMessage()
                            + "); free the port or give another one, 0 for any");
                }
            }
            throw new IllegalStateException("the HTTP port did not open", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the HTTP port did not open within " + START.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    /** A timer that failed once would never come again. */
    private static Runnable safely(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("the dashboards were not told of a change", e);
            }
        };
    }

    /** Takes the events that are shown. */
    public Consumer<LiveEvent> watcher() {
        return feeds;
    }

    public int port() {
        return address().getPort();
    }

    private InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Where the dashboard is. */
    public String url() {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return (settings.keys() == null ? "http://" : "https://") + host + ":" + port() + "/";
    }

    /** Methods and paths that are answered. */
    List<String> served() {
        return endpoints.stream()
                .map(endpoint -> endpoint.method() + " " + endpoint.template())
                .toList();
    }

    /** Connections that stream events now. */
    public int watchers() {
        return feeds.watchers();
    }

    @Override
    public void close() {
        timers.forEach(Cancellable::cancel);
        feeds.close();
        try {
            binding.terminate(STOP).toCompletableFuture().get(2 * STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the HTTP port did not close in order: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
