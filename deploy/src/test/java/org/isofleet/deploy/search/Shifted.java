package org.isofleet.deploy.search;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A value as it is seen {@link Scenario#LONG} later, when that later is called now again: what has passed is past, however long ago. With
 * that the states that differ in the time of day alone are one, and the search ends.
 */
final class Shifted {
    private Shifted() {}

    @SuppressWarnings("unchecked")
    static <T> T later(T value) {
        return (T) shift(value);
    }

    private static Object shift(Object value) {
        if (value instanceof Instant at) {
            return at.equals(Instant.MAX) || !at.isAfter(Scenario.NOW)
                    ? at
                    : at.isAfter(Scenario.NOW.plus(Scenario.LONG)) ? at.minus(Scenario.LONG) : Scenario.NOW;
        } else if (value instanceof Record whole) {
            return shiftRecord(whole);
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> shifted = new HashMap<>();
            map.forEach((k, v) -> shifted.put(shift(k), shift(v)));
            return Map.copyOf(shifted);
        } else if (value instanceof Set<?> set) {
            return Set.copyOf(new HashSet<>(all(set)));
        } else if (value instanceof List<?> list) {
            return all(list);
        }
        return value;
    }

    private static List<Object> all(Collection<?> values) {
        return values.stream().<Object>map(Shifted::shift).toList();
    }

    private static Object shiftRecord(Record whole) {
        try {
            RecordComponent[] components = whole.getClass().getRecordComponents();
            @Nullable Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                var accessor = components[i].getAccessor();
                accessor.setAccessible(true);
                Object value = accessor.invoke(whole);
                // How long was trained is told to users and decides nothing.
                values[i] = components[i].getName().equals("trainSeconds")
                        ? Double.valueOf(0)
                        : value == null ? null : shift(value);
            }
            Constructor<?> constructor = whole.getClass()
                    .getDeclaredConstructor(
                            Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(whole + " cannot be rebuilt", e);
        }
    }
}
