package org.isofleet.coordinator.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.Materializer;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request to its answer. Whatever goes wrong, the answer tells a line for people and nothing of the inside. */
final class Dispatch implements Function<HttpRequest, CompletionStage<HttpResponse>> {
    /** Of a request's body; nothing here needs more. */
    static final long MOST_BYTES = 1 << 16;

    private static final long serialVersionUID = 1;
    private static final long BODY_MILLIS = 5000;
    private static final String API = "/api/";
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private record Found(Endpoint endpoint, Map<String, String> parts) {}

    private final transient List<Endpoint> endpoints;
    private final transient Gate gate;
    private final transient Materializer materializer;

    Dispatch(List<Endpoint> endpoints, Gate gate, Materializer materializer) {
        this.endpoints = List.copyOf(endpoints);
        this.gate = gate;
        this.materializer = materializer;
    }

    @Override
    public CompletionStage<HttpResponse> apply(HttpRequest request) {
        boolean head = request.method().equals(HttpMethods.HEAD);
        String method = head ? "GET" : request.method().name();
        try {
            return answer(request, method).exceptionally(failure -> told(request, failure));
        } catch (RuntimeException e) {
            request.discardEntityBytes(materializer);
            return CompletableFuture.completedFuture(told(request, e));
        }
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, String method) {
        String path = path(request);
        if (!path.startsWith(API) && !path.equals(MetricsEndpoint.PATH)) {
            gate.admit(request, Role.ANYONE);
            request.discardEntityBytes(materializer);
            if (!method.equals("GET")) {
                throw Refused.wrongMethod("GET");
            }
            return CompletableFuture.completedFuture(Assets.file(path)
                    .orElseThrow(() -> Refused.absent("nothing is here; the dashboard is at /, the API at /api/v1")));
        }
        List<Found> there = endpoints.stream()
                .flatMap(endpoint -> endpoint.match(path).map(parts -> new Found(endpoint, parts)).stream())
                .toList();
        Optional<Found> found = there.stream()
                .filter(known -> known.endpoint.method().equals(method))
                .findFirst();
        // Without a token nobody is told what there is.
        Caller caller =
                gate.admit(request, found.map(known -> known.endpoint.needs()).orElse(Role.READ));
        if (found.isEmpty()) {
            throw there.isEmpty()
                    ? Refused.absent("there is no such path; /api/v1/openapi.yaml lists all")
                    : Refused.wrongMethod(
                            there.stream().map(known -> known.endpoint.method()).collect(Collectors.joining(", ")));
        }
        return request.entity()
                .toStrict(BODY_MILLIS, MOST_BYTES, materializer)
                .thenCompose(strict -> found.get()
                        .endpoint
                        .handler()
                        .answer(new Endpoint.Question(
                                found.get().parts, query(request), caller, strict.getData(), takesGzip(request))));
    }

    private static String path(HttpRequest request) {
        return request.getUri().path();
    }

    private static Map<String, String> query(HttpRequest request) {
        Query query = request.getUri().query();
        return new HashMap<>(query.toMap());
    }

    private static boolean takesGzip(HttpRequest request) {
        return request.getHeader("Accept-Encoding")
                .map(HttpHeader::value)
                .orElse("")
                .contains("gzip");
    }

    private static HttpResponse told(HttpRequest request, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refused refused) {
            return Replies.refused(refused);
        } else if (cause instanceof EntityStreamSizeException) {
            return Replies.refused(Refused.tooLarge());
        } else if (cause instanceof EntityStreamException stream) {
            return Replies.refused(
                    stream.info().summary().contains("too large")
                            ? Refused.tooLarge()
                            : Refused.bad("the request ended before its body"));
        } else if (cause instanceof TimeoutException) {
            return Replies.refused(Refused.late("that took too long; ask again"));
        } else if (cause instanceof InvalidSpecException) {
            return Replies.refused(Refused.absent(String.valueOf(cause.getMessage())));
        }
        LOG.error("{} {} failed", request.method().name(), path(request), cause);
        return Replies.refused(Refused.late("the coordinator could not answer; its log says why"))
                .withStatus(StatusCodes.INTERNAL_SERVER_ERROR);
    }
}
