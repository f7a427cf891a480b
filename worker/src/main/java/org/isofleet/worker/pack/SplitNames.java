package org.isofleet.worker.pack;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.isofleet.worker.data.ImageSet.Split;

/** The names by which folders and files say which split they hold. */
final class SplitNames {
    private SplitNames() {}

    /** The split that a word names: train, training; val, valid, validation; test, testing. */
    static Optional<Split> of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "train", "training" -> Optional.of(Split.TRAIN);
            case "val", "valid", "validation" -> Optional.of(Split.VALIDATION);
            case "test", "testing" -> Optional.of(Split.TEST);
            default -> Optional.empty();
        };
    }

    /** The split that a word of a path names, the file's own name before its folders': {@code val/0.tar}, {@code imagenet-train-000.tar}. */
    static Optional<Split> in(String path) {
        List<String> parts = List.of(path.split("/"));
        for (int i = parts.size() - 1; i >= 0; i--) {
            for (String word : parts.get(i).split("[^A-Za-z]+")) {
                Optional<Split> split = of(word);
                if (split.isPresent()) {
                    return split;
                }
            }
        }
        return Optional.empty();
    }
}
