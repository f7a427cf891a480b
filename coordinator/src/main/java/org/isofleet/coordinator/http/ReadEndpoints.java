package org.isofleet.coordinator.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.metrics.report.Report;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** What can be looked at. */
final class ReadEndpoints {
    private final LiveModel model;
    private final Feeds feeds;
    private final Path studyFolder;
    private final Executor blocking;
    private @Nullable PackedBoard packed;

    private record PackedBoard(long sequence, ByteString json, ByteString gzip) {}

    ReadEndpoints(LiveModel model, Feeds feeds, Path studyFolder, Executor blocking) {
        this.model = model;
        this.feeds = feeds;
        this.studyFolder = studyFolder;
        this.blocking = blocking;
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint("GET", "/api/v1/health", Role.ANYONE, q -> now(q, Map.of("status", "ok"))),
                new Endpoint("GET", "/api/v1/openapi.yaml", Role.ANYONE, q -> done(Assets.openApi())),
                new Endpoint("GET", "/api/v1/me", Role.READ, this::me),
                new Endpoint("GET", "/api/v1/study", Role.READ, this::study),
                new Endpoint("GET", "/api/v1/runs", Role.READ, this::runs),
                new Endpoint("GET", "/api/v1/runs/{run}", Role.READ, this::run),
                new Endpoint("GET", "/api/v1/runs/{run}/samples.png", Role.READ, this::samples),
                new Endpoint("GET", "/api/v1/workers", Role.READ, this::workers),
                new Endpoint("GET", "/api/v1/fits", Role.READ, this::fits),
                new Endpoint("GET", "/api/v1/board", Role.READ, this::board),
                new Endpoint("GET", "/api/v1/board/changes", Role.READ, q -> done(feeds.changes())),
                new Endpoint("GET", "/api/v1/events", Role.READ, q -> done(feeds.events())),
                new Endpoint("GET", "/api/v1/report.html", Role.READ, q -> report()));
    }

    private static CompletionStage<HttpResponse> done(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    private static CompletionStage<HttpResponse> now(Endpoint.Question question, Object value) {
        return done(Replies.json(value, question.gzip()));
    }

    private CompletionStage<HttpResponse> me(Endpoint.Question question) {
        return now(
                question,
                Map.of(
                        "schema",
                        "me/1",
                        "name",
                        question.caller().name(),
                        "role",
                        question.caller().role().word()));
    }

    private CompletionStage<HttpResponse> study(Endpoint.Question question) {
        List<String> choices = model.view().plan().map(plan -> plan.choices()).orElse(List.of());
        return now(question, Map.of("schema", "study/1", "study", model.study(), "choices", choices));
    }

    private CompletionStage<HttpResponse> runs(Endpoint.Question question) {
        String state = question.query().get("state");
        List<RunRow> rows = model.rows().stream()
                .filter(row -> state == null || row.now().state().equals(state))
                .toList();
        return now(question, Map.of("schema", "runs/1", "runs", rows));
    }

    private CompletionStage<HttpResponse> run(Endpoint.Question question) {
        return now(question, model.run(id(question)).orElseThrow(() -> unknown(question)));
    }

    /** The run that is asked for. */
    static RunId id(Endpoint.Question question) {
        String written = question.part("run");
        if (!written.matches("[0-9a-f]{16}")) {
            throw Refused.bad("a run id is 16 hexadecimal digits, as /api/v1/runs lists them");
        }
        return new RunId(written);
    }

    static Refused unknown(Endpoint.Question question) {
        return Refused.absent("this study has no run " + question.part("run") + "; /api/v1/runs lists them");
    }

    private CompletionStage<HttpResponse> samples(Endpoint.Question question) {
        RunView run = model.view().run(id(question)).orElseThrow(() -> unknown(question));
        Optional<String> png = run.result(CompletionDistance.class)
                .map(CompletionDistance::samplesPng)
                .filter(text -> text.startsWith("iVBORw0KGgo"));
        byte[] bytes = Base64.getDecoder()
                .decode(png.orElseThrow(() -> Refused.absent("no completions of this run were kept")));
        return done(Replies.bytes(ContentTypes.create(MediaTypes.IMAGE_PNG), bytes)
                .addHeader(RawHeader.create("Cache-Control", "no-cache")));
    }

    private CompletionStage<HttpResponse> workers(Endpoint.Question question) {
        return now(question, Map.of("schema", "workers/1", "workers", model.workers()));
    }

    private CompletionStage<HttpResponse> fits(Endpoint.Question question) {
        StudyAnswer answer = StudyAnswer.of("study", "", model.view());
        return now(
                question, Map.of("schema", "fits/1", "fits", answer.fits(), "profiles", ProfileRow.of(model.view())));
    }

    private CompletionStage<HttpResponse> board(Endpoint.Question question) {
        PackedBoard board = packed();
        return done(
                question.gzip()
                        ? Replies.gzipped(ContentTypes.APPLICATION_JSON, board.gzip())
                        : Replies.plain(ContentTypes.APPLICATION_JSON, board.json()));
    }

    /** Many who come at once are shown the same. */
    private synchronized PackedBoard packed() {
        PackedBoard known = packed;
        if (known == null || known.sequence != model.sequence() || known.sequence == 0) {
            Board board = model.board();
            byte[] json = WireJson.answer(board);
            known = new PackedBoard(
                    board.sequence(), ByteString.fromArrayUnsafe(json), ByteString.fromArrayUnsafe(Replies.gzip(json)));
            packed = known;
        }
        return known;
    }

    private CompletionStage<HttpResponse> report() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        byte[] html = Report.text(studyFolder).getBytes(StandardCharsets.UTF_8);
                        return Replies.packed(ContentTypes.TEXT_HTML_UTF8, html, false)
                                .addHeader(RawHeader.create(
                                        "Content-Disposition", "attachment; filename=\"" + Report.FILE + "\""));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                blocking);
    }
}
