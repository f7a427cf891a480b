package org.isofleet.protocol.study;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A value at the edge of what a record takes: taken, or refused in one line that holds some words. */
record Bounds(String value, @Nullable String refusal, ThrowingCallable make) {
    static Bounds taken(String value, ThrowingCallable make) {
        return new Bounds(value, null, make);
    }

    static Bounds refused(String value, String refusal, ThrowingCallable make) {
        return new Bounds(value, refusal, make);
    }

    void check() {
        if (refusal == null) {
            assertThatCode(make).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(make)
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining(refusal)
                    .satisfies(e -> org.assertj.core.api.Assertions.assertThat(e.getMessage())
                            .hasLineCount(1));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
