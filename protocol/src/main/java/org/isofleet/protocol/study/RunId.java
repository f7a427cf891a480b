package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * The identity of a run: the first 16 hexadecimal digits of the SHA-256 of its spec's canonical text.
 *
 * @param value 16 hexadecimal digits
 */
public record RunId(String value) implements Comparable<RunId> {
    public RunId {
        require(value.matches("[0-9a-f]{16}"), "a run id is 16 hexadecimal digits, not '%s'", value);
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
