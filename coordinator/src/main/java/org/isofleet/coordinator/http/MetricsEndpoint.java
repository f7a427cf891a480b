package org.isofleet.coordinator.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.isofleet.coordinator.journal.JournalFile;
import org.isofleet.metrics.sink.NodeGauges;
import org.isofleet.metrics.sink.PrometheusText;

/** What Prometheus scrapes. Disks may be slow to answer, so they are asked where blocking is allowed. */
final class MetricsEndpoint {
    static final String PATH = "/metrics";

    private static final ContentType TYPE = ContentTypes.parse(PrometheusText.CONTENT_TYPE);

    private final LiveModel model;
    private final Path studyFolder;
    private final Executor blocking;

    MetricsEndpoint(LiveModel model, Path studyFolder, Executor blocking) {
        this.model = model;
        this.studyFolder = studyFolder;
        this.blocking = blocking;
    }

    Endpoint endpoint() {
        return new Endpoint("GET", PATH, Role.READ, this::answer);
    }

    private CompletionStage<HttpResponse> answer(Endpoint.Question question) {
        return CompletableFuture.supplyAsync(
                () -> Replies.packed(TYPE, model.prometheusText(node()), question.gzip()), blocking);
    }

    private NodeGauges node() {
        Runtime runtime = Runtime.getRuntime();
        try {
            return new NodeGauges(
                    JournalFile.bytes(studyFolder),
                    Files.getFileStore(studyFolder).getUsableSpace(),
                    runtime.totalMemory() - runtime.freeMemory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
