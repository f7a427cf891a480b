package org.isofleet.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CanonicalTextTest {
    @Example
    void text_tellsValuesApart() {
        String sha = "0123456789abcdef".repeat(4);
        assertThat(CanonicalText.of(new RateRule.Cited("a\"b\\", sha)))
                .isEqualTo("Cited(file=\"a\\\"b\\\\\",sha256=\"" + sha + "\",)");
        assertThat(CanonicalText.of(List.of(1L, 2.5, true, EvaluationKind.COMPLETIONS)))
                .isEqualTo("[1,2.5,true,COMPLETIONS,]");
        assertThat(CanonicalText.of(List.of("a,b"))).isNotEqualTo(CanonicalText.of(List.of("a", "b")));
        assertThatThrownBy(() -> CanonicalText.of(new Object())).hasMessageContaining("no canonical text");
    }

    /** What Java 25 writes; Java 17 writes 1.9999999999999998E23 and 4.729999999999999E21. */
    @Example
    void number_isWrittenAlikeByEveryJava() {
        assertThat(CanonicalText.of(new Budget(Double.parseDouble("2e23")))).isEqualTo("Budget(flops=2.0E23,)");
        assertThat(CanonicalText.decimal(Double.parseDouble("4.73e21"))).isEqualTo("4.73E21");
        assertThat(CanonicalText.decimal(Double.parseDouble("-4.73e21"))).isEqualTo("-4.73E21");
        assertThat(CanonicalText.decimal(1e22)).isEqualTo("1.0E22");
        assertThat(CanonicalText.decimal(3e10)).isEqualTo("3.0E10");
        assertThat(CanonicalText.decimal(0.025)).isEqualTo("0.025");
        assertThat(CanonicalText.decimal(-0.0)).isEqualTo("-0.0");
        assertThat(CanonicalText.decimal(Double.MIN_VALUE)).isEqualTo("4.9E-324");
        assertThat(CanonicalText.decimal(Double.MAX_VALUE)).isEqualTo("1.7976931348623157E308");
        assertThat(CanonicalText.decimal(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
    }

    @Property
    void number_isReadBackAsItself(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        String text = CanonicalText.decimal(value);
        assertThat(Double.parseDouble(text)).isEqualTo(Double.valueOf(value)); // NaN is itself
        assertThat(text.length()).isLessThanOrEqualTo(Double.toString(value).length());
    }
}
