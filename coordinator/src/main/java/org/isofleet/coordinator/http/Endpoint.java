package org.isofleet.coordinator.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/**
 * One thing that can be asked.
 *
 * @param method as {@code GET}
 * @param template of the path; a part in braces takes whatever stands there
 * @param needs what the caller must be allowed
 */
record Endpoint(String method, String template, Role needs, Handler handler) {
    /** What was asked, and by whom. */
    record Question(Map<String, String> path, Map<String, String> query, Caller caller, ByteString body, boolean gzip) {
        /** A part of the path that the template names. */
        String part(String name) {
            return path.getOrDefault(name, "");
        }
    }

    /** Answers it; what it throws is told as an error. */
    interface Handler {
        CompletionStage<HttpResponse> answer(Question question);
    }

    /** The parts of a path that the template leaves open; empty when it is another path. */
    Optional<Map<String, String>> match(String path) {
        List<String> wanted = List.of(template.split("/", -1));
        List<String> given = List.of(path.split("/", -1));
        if (wanted.size() != given.size()) {
            return Optional.empty();
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String want = wanted.get(i);
            if (want.startsWith("{")) {
                parts.put(want.substring(1, want.length() - 1), given.get(i));
            } else if (!want.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parts);
    }
}
