package org.isofleet.metrics.report;

import java.util.Locale;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.scaling.Interval;

/** Text that grows into HTML; whatever comes from a study goes through {@link #escape}. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Markup as it stands. */
    Html raw(String markup) {
        text.append(markup);
        return this;
    }

    /** Markup with numbers and already escaped text put in, in the manner of {@link String#format}. */
    Html format(String markup, Object... values) {
        text.append(String.format(Locale.ROOT, markup, values));
        return this;
    }

    /** Text of a study. */
    Html text(String plain) {
        text.append(escape(plain));
        return this;
    }

    /** An element with text in it. */
    Html element(String name, String plain) {
        return raw("<" + name + ">").text(plain).raw("</" + name.split(" ", 2)[0] + ">\n");
    }

    /** The markup of a power law of C: its exponent raised, the interval behind it. */
    static String power(String count, Interval exponent) {
        String[] parts = Narrative.words(exponent).split(" ", 2);
        return escape(count) + " ∝ C<sup>" + escape(parts[0]) + "</sup>"
                + (parts.length > 1 ? " " + escape(parts[1]) : "");
    }

    static String escape(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
