package org.isofleet.coordinator.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.protocol.refusal.Refusals;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** A server and what it shows, without the coordinator behind it. */
final class ServedStudy implements AutoCloseable {
    final GridStudy study;
    final ApiServer server;
    final Refusals refusals = new Refusals();
    final List<String> operated = new CopyOnWriteArrayList<>();
    final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final ActorSystem<Void> system;

    ServedStudy(Path folder, GridStudy study) throws IOException {
        this.folder = folder;
        this.study = study;
        system = ActorSystem.create(Behaviors.empty(), "http-test");
        try {
            server = ApiServer.start(
                    new HttpSettings("127.0.0.1", 0, folder, null, refusals), this::operate, system, Clock.systemUTC());
        } catch (IOException | RuntimeException e) {
            system.terminate();
            throw e;
        }
    }

    /** With all that has happened until the middle of the study, in the folder too. */
    static ServedStudy inTheMiddle(Path folder, GridStudy study) throws IOException {
        ServedStudy served = new ServedStudy(folder, study);
        try (StudyFolder kept = StudyFolder.open(folder)) {
            for (LiveEvent event : study.events()) {
                kept.accept(event);
                served.show(event);
            }
        }
        return served;
    }

    private CompletionStage<Integer> operate(
            String studyId, OperatorWish.Action action, @Nullable RunId runId, String by) {
        operated.add(action.done() + " " + (runId == null ? studyId : runId.value()) + " by " + by);
        return CompletableFuture.completedFuture(1);
    }

    void show(LiveEvent event) {
        server.watcher().accept(event);
    }

    String token(String file) throws IOException {
        return Files.readString(folder.resolve("tokens").resolve(file)).strip();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url()).resolve(path));
    }

    HttpRequest.Builder asReader(String path) throws IOException {
        return request(path).header("Authorization", "Bearer " + token("reader.read"));
    }

    HttpResponse<String> get(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws Exception {
        server.close();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
