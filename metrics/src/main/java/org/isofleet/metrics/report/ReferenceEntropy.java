package org.isofleet.metrics.report;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isofleet.metrics.live.StudyView;

/**
 * What a model pays that knows only how often each colour occurs; a loss above it has learned nothing of the images. It stands
 * among the choices of a plan as {@code entropy of joint colours at 16x16: 5.10 nats a pixel}.
 */
final class ReferenceEntropy {
    private static final Pattern LINE =
            Pattern.compile("entropy of joint colou?rs(?: at (\\d+)x\\d+)?: ([0-9.]+).*", Pattern.CASE_INSENSITIVE);

    private ReferenceEntropy() {}

    static OptionalDouble of(StudyView view, int resolution) {
        return view.plan().stream()
                .flatMap(plan -> plan.choices().stream())
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> line.group(1) == null || line.group(1).equals(Integer.toString(resolution)))
                .mapToDouble(line -> Double.parseDouble(line.group(2)))
                .findFirst();
    }
}
