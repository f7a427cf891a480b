package org.isofleet.metrics.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * What laws say of a budget, as in the paper's table of projections. It is not sealed and is no forecast.
 *
 * @param params N of the optimum
 * @param tokens D of the optimum
 * @param images D over the pixels of an image; null when the resolution is unknown
 * @param value of the metric at the optimum
 * @param form which law it follows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Projection(
        String metric,
        Map<String, String> group,
        @JsonProperty("budget_flops") double budgetFlops,
        Interval params,
        Interval tokens,
        @Nullable Interval images,
        Interval value,
        String form,
        @Nullable Interval beside,
        @JsonProperty("beside_form") @Nullable String besideForm) {
    public Projection {
        group = Collections.unmodifiableMap(new LinkedHashMap<>(group)); // keeps the order of the columns
    }

    /** Group key whose value is the side of an image in pixels. */
    public static final String RESOLUTION = "resolution";

    /**
     * From a fit that was extrapolated.
     *
     * @throws InvalidSpecException when it was refused
     */
    public static Projection of(String metric, ScalingFit fit) {
        ScalingFit.Extrapolation far = fit.extrapolated();
        if (far == null || far.metric() == null) {
            throw new InvalidSpecException("no projection of the " + metric + " at " + fit.group() + ": its fit by "
                    + fit.method() + " is refused (" + fit.reason() + ")");
        }
        return new Projection(
                metric,
                fit.group(),
                far.budgetFlops(),
                far.params(),
                far.tokens(),
                images(fit.group(), far.tokens()),
                far.metric(),
                String.valueOf(far.metricForm()),
                far.metricBeside(),
                far.metricBesideForm());
    }

    private static @Nullable Interval images(Map<String, String> group, Interval tokens) {
        String side = group.get(RESOLUTION);
        if (side == null || !side.matches("[1-9][0-9]{0,4}")) {
            return null;
        }
        double pixels = Math.pow(Integer.parseInt(side), 2);
        return new Interval(tokens.value() / pixels, tokens.low() / pixels, tokens.high() / pixels, tokens.level());
    }
}
