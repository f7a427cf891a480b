package org.isofleet.coordinator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.isofleet.metrics.live.LiveJson;

/** How answers look as JSON: as those of the command line, with names in {@code snake_case}. Events look as in {@code events.jsonl}. */
final class WireJson {
    private static final JsonMapper ANSWERS = LiveJson.mapper().copy();

    static {
        ANSWERS.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    }

    private WireJson() {}

    static byte[] answer(Object value) {
        try {
            return ANSWERS.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer has no JSON form", e);
        }
    }

    static byte[] event(Object event) {
        try {
            return LiveJson.mapper().writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event has no JSON form", e);
        }
    }
}
