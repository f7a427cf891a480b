package org.isofleet.coordinator.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The word that a typing error most likely meant: the smallest Levenshtein distance. */
public final class Nearest {
    private Nearest() {}

    static String to(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow(() -> new IllegalStateException("no key is known here"));
    }

    /** The nearest word, if so few letters differ that it may well be meant: one in three. */
    public static Optional<String> near(String word, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> 3 * distance(word, candidate) <= Math.max(3, candidate.length()))
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
