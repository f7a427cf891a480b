package org.isofleet.coordinator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** The files of the dashboard and the description of the API, from the class path. They hold nothing of a study, so anyone may have them. */
final class Assets {
    private static final ContentType YAML = ContentTypes.parse("application/yaml");

    /** Files by path. */
    private static final Map<String, ContentType> FILES = files();

    private Assets() {}

    private static Map<String, ContentType> files() {
        Map<String, ContentType> files = new HashMap<>();
        files.put("/", ContentTypes.TEXT_HTML_UTF8);
        files.put("/style.css", ContentTypes.create(MediaTypes.TEXT_CSS, HttpCharsets.UTF_8));
        for (String module : List.of(
                "main",
                "client",
                "store",
                "format",
                "plot",
                "grid",
                "profile",
                "gallery",
                "overview",
                "runs",
                "operate")) {
            files.put("/" + module + ".js", ContentTypes.create(MediaTypes.APPLICATION_JAVASCRIPT, HttpCharsets.UTF_8));
        }
        return files;
    }

    static Optional<HttpResponse> file(String path) {
        return Optional.ofNullable(FILES.get(path))
                .map(type -> Replies.bytes(type, read(path.equals("/") ? "index.html" : path.substring(1)))
                        .addHeader(RawHeader.create("Cache-Control", "no-cache")));
    }

    static HttpResponse openApi() {
        return Replies.bytes(YAML, read("openapi.yaml"));
    }

    static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
