package org.isofleet.metrics.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;

/** A line of {@link ForecastLog}. Lines are added and never changed. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "entry")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ForecastEntry.Sealed.class, name = "sealed"),
    @JsonSubTypes.Type(value = ForecastEntry.Attempted.class, name = "attempted"),
    @JsonSubTypes.Type(value = ForecastEntry.Scored.class, name = "scored")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface ForecastEntry {
    /** The first forecast of a quantity: the one that counts. */
    record Sealed(Forecast forecast) implements ForecastEntry {}

    /** Another forecast of a quantity that has one; it is kept so that nobody can choose among several afterwards. */
    record Attempted(Forecast forecast) implements ForecastEntry {}

    /**
     * The forecast of line {@code line} held against runs at its budget.
     *
     * @param runs labels of the check runs
     */
    record Scored(@JsonProperty("scored_at") Instant scoredAt, int line, Score score, List<String> runs)
            implements ForecastEntry {
        public Scored {
            runs = List.copyOf(runs);
        }
    }
}
