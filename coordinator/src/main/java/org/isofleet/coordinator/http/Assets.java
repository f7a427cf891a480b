package org.isofleet.coordinator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** The files of the dashboard and the description of the API, from the class path. They hold nothing of a study, so anyone may have them. */
final class Assets {
    private static final ContentType YAML = ContentTypes.parse("application/yaml");

    /** Files by path. */
    static final Map<String, ContentType> FILES = Map.ofEntries();

    private Assets() {}

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
