package org.isofleet.worker.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.isofleet.worker.data.ImageSet.Split;

/**
 * The SHA-256 of a whole set at one resolution: over resolution, channels and classes, then for each split its count, labels and
 * block digests. So it covers every pixel, can be checked from the indexes alone, and does not depend on how the images are cut into files.
 */
final class SetDigest {
    private final MessageDigest digest = Sha256.digest();

    SetDigest(int resolution, int channels, List<String> classes) {
        text("isofleet images 1\n" + resolution + " " + channels + " " + classes.size() + "\n");
        classes.forEach(name -> text(name.replace("\n", " ") + "\n"));
    }

    /** Adds a split; call once for each, in their order. */
    void add(Split split, List<ShardIndex> files) {
        text(split.name() + " "
                + files.stream().mapToLong(f -> f.labels().length).sum() + "\n");
        for (ShardIndex file : files) {
            ByteBuffer labels = ByteBuffer.allocate(file.labels().length * Short.BYTES);
            labels.asShortBuffer().put(file.labels());
            digest.update(labels);
        }
        files.forEach(file -> file.blockSha256().forEach(digest::update));
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void text(String text) {
        digest.update(text.getBytes(UTF_8));
    }
}
