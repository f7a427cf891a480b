package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.List;

/**
 * Which images a study is about and how they are reduced.
 *
 * @param location {@code embedded:noto} or the path of a folder of packed shards
 * @param channels values per pixel that models see: 3 (RGB) or 1 (grey)
 * @param levels distinct values of a channel that models see
 * @param resolutions image sides in pixels; each gives a grid of its own
 */
public record ImageSelection(String location, int channels, int levels, List<Integer> resolutions) {
    public ImageSelection {
        resolutions = List.copyOf(resolutions);
        require(!location.isBlank(), "the location of the images must not be empty");
        require(channels == 1 || channels == 3, "channels must be 1 (grey) or 3 (RGB), not %d", channels);
        require(
                levels >= 2 && levels <= 256 && Integer.bitCount(levels) == 1,
                "levels must be a power of two from 2 to 256, not %d",
                levels);
        require(!resolutions.isEmpty(), "resolutions must name at least one image side, as [16]");
        require(
                resolutions.stream().allMatch(r -> r >= 1 && r <= 1024),
                "resolutions must be 1 to 1024 pixels, not %s",
                resolutions);
        require(
                resolutions.stream().distinct().count() == resolutions.size(),
                "each resolution may be named once: %s",
                resolutions);
    }
}
