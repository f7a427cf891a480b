package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How long a step of a run takes, by the size of its group, as far as that was seen lately. What more members would save follows by
 * Amdahl's law: a step of k members takes {@code s + p / k}. Until a second size was seen all of a step is taken to be divisible; then
 * s and p follow from the two, so a run that its exchange holds up asks for nobody further.
 *
 * @param measured by number of members
 */
record GroupSpeeds(Map<Integer, Measured> measured) {
    static final GroupSpeeds NONE = new GroupSpeeds(Map.of());

    /** What was seen longer ago counts no more: machines become busy and free again. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** So much slower than a smaller group a group must be to be made smaller: less is noise. */
    private static final double SLOWER = 1.15;

    /** A step and when it was seen. */
    record Measured(double stepSeconds, Instant at) {}

    GroupSpeeds {
        measured = Map.copyOf(measured);
    }

    /** After another look at a group. */
    GroupSpeeds with(int members, Duration step, Instant now) {
        Map<Integer, Measured> after = new HashMap<>(measured);
        after.values().removeIf(m -> now.isAfter(m.at().plus(REMEMBERED)));
        after.put(members, new Measured(step.toNanos() * 1e-9, now));
        return new GroupSpeeds(after);
    }

    /** Time of a step that one member would take for the part that members share; a group of this size was measured. */
    double divisibleSeconds(int members) {
        double here = seconds(members).orElseThrow();
        Optional<Integer> other = other(members);
        if (other.isEmpty()) {
            return here * members;
        }
        double there = seconds(other.get()).orElseThrow();
        double divisible = (there - here) / (1.0 / other.get() - 1.0 / members);
        return Math.max(0, Math.min(divisible, here * members));
    }

    /** Size in which the run was fastest, of those from {@code fewest} to {@code members}, if clearly so. */
    int fastest(int fewest, int members) {
        double limit = seconds(members).orElse(0.0) / SLOWER;
        return IntStream.range(Math.max(1, fewest), members)
                .filter(size -> seconds(size).orElse(Double.MAX_VALUE) < limit)
                .boxed()
                .min((one, two) ->
                        Double.compare(seconds(one).orElseThrow(), seconds(two).orElseThrow()))
                .orElse(members);
    }

    private Optional<Double> seconds(int members) {
        return Optional.ofNullable(measured.get(members)).map(Measured::stepSeconds);
    }

    /** The next smaller size that was seen, else the next larger. */
    private Optional<Integer> other(int members) {
        return measured.keySet().stream()
                .filter(size -> size < members)
                .max(Integer::compare)
                .or(() -> measured.keySet().stream()
                        .filter(size -> size > members)
                        .min(Integer::compare));
    }
}
