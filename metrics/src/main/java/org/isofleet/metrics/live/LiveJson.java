package org.isofleet.metrics.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.RunId;

/** How events and answers look as JSON: times as ISO text, run ids as strings, results by the name of their kind. */
public final class LiveJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addSerializer(RunId.class, ToStringSerializer.instance)
                    .addDeserializer(RunId.class, new RunIdDeserializer()))
            .addMixIn(EvaluationResult.class, ResultByKind.class)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            // A folder written by a newer version can still be read.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private LiveJson() {}

    /** The one mapper; shared, never to be reconfigured. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = EvaluationResult.HeldOutLoss.class, name = "held-out-loss"),
        @JsonSubTypes.Type(value = EvaluationResult.LinearProbe.class, name = "linear-probe"),
        @JsonSubTypes.Type(value = EvaluationResult.CompletionDistance.class, name = "completions")
    })
    private interface ResultByKind {}

    private static final class RunIdDeserializer extends StdDeserializer<RunId> {
        RunIdDeserializer() {
            super(RunId.class);
        }

        @Override
        public RunId deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new RunId(parser.getText());
        }
    }
}
