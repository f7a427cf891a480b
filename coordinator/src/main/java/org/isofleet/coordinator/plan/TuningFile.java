package org.isofleet.coordinator.plan;

import static org.isofleet.protocol.study.Requirement.require;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RateRule;

/** Tunings as JSON with their content hash. */
public final class TuningFile {
    private static final String SCHEMA = "tuning/1";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** The file: the tuning with its hash before it. */
    @JsonPropertyOrder({"schema", "sha256", "tuning"})
    record Envelope(
            @JsonProperty("schema") String schema,
            @JsonProperty("sha256") String sha256,
            @JsonProperty("tuning") Tuning tuning) {}

    private TuningFile() {}

    /** The text of a tuning file. */
    public static String write(Tuning tuning) {
        try {
            return JSON.writeValueAsString(new Envelope(SCHEMA, tuning.sha256(), tuning)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tuning is a tree of records", e);
        }
    }

    /** A point as one line of JSON, with the names that it has in the file. */
    public static String line(TuningPoint point) {
        try {
            return JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(point);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a point is a tree of records", e);
        }
    }

    /**
     * Reads a tuning file and verifies its hash.
     *
     * @param place how errors call it
     */
    public static Tuning read(String text, String place) {
        Envelope file;
        try {
            file = JSON.readValue(text, Envelope.class);
        } catch (JsonProcessingException e) {
            throw new InvalidSpecException(place + ": is no tuning file ("
                    + e.getOriginalMessage().lines().findFirst().orElse("") + "); make one with isofleet tune");
        }
        require(
                file != null && SCHEMA.equals(file.schema()),
                "%s: is no tuning file of schema %s; make one with isofleet tune",
                place,
                SCHEMA);
        String sha256 = file.tuning().sha256();
        require(
                sha256.equals(file.sha256()),
                "%s: is damaged: its content has SHA-256 %s, but it says %s; make it again with isofleet tune",
                place,
                sha256,
                file.sha256());
        return file.tuning();
    }

    /** The rule of a cited tuning; refused when it is another one than the study cites or its check failed. */
    public static TuningRule cited(Tuning tuning, RateRule.Cited citation) {
        require(
                tuning.sha256().equals(citation.sha256()),
                "%s: the study cites the tuning %s, but this file is %s; cite this one or restore the other",
                citation.file(),
                citation.sha256(),
                tuning.sha256());
        require(
                tuning.check().holds(),
                "%s: the rule of this tuning failed its check at %s; tune again with other rates or sizes",
                citation.file(),
                tuning.grid().checkSize());
        return tuning.rule();
    }
}
