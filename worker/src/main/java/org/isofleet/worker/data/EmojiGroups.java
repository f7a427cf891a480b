package org.isofleet.worker.data;

import java.io.IOException;
import java.util.List;
import org.isofleet.worker.data.ImageSet.Split;

/** Which images of {@code embedded:emoji} show the same thing: finer than classes, for training the feature network. */
public final class EmojiGroups {
    private EmojiGroups() {}

    /** The group of each image of a split, by index. */
    public static List<String> of(Split split) throws IOException {
        return EmbeddedImages.groups("emoji", split);
    }
}
