package org.isofleet.worker.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.isofleet.worker.data.ImageSet.Split;

/**
 * {@code images-<resolution>.json}: names the files of a packed set. A set is there when its manifest is, which is written last.
 *
 * @param format {@value #FORMAT}
 * @param sha256 of the whole set, see {@link SetDigest}
 * @param files of all splits, in order
 */
record PackedManifest(
        String format, int resolution, int channels, List<String> classes, String sha256, List<Entry> files) {
    static final String FORMAT = "isofleet images/1";
    private static final Pattern NAME = Pattern.compile("images-([1-9]\\d{0,3})\\.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** One shard file. */
    record Entry(String name, Split split, long images) {}

    static Path in(Path folder, int resolution) {
        return folder.resolve("images-" + resolution + ".json");
    }

    /** The resolutions that a folder has manifests of, rising. */
    static List<Integer> resolutions(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    byte[] encode() throws IOException {
        return JSON.writeValueAsBytes(this);
    }

    static PackedManifest read(Path folder, int resolution) throws IOException {
        Path file = in(folder, resolution);
        try {
            PackedManifest manifest = JSON.readValue(Files.readAllBytes(file), PackedManifest.class);
            if (!FORMAT.equals(manifest.format)
                    || manifest.resolution != resolution
                    || manifest.classes == null
                    || manifest.files == null
                    || manifest.sha256 == null) {
                throw new ImageSetException(file + " does not describe images of format " + FORMAT + " at " + resolution
                        + " pixels; pack the set again");
            }
            return manifest;
        } catch (NoSuchFileException e) {
            throw new ImageSetException(
                    folder + " has no images of " + resolution + " pixels; pack them or choose another resolution", e);
        } catch (JsonProcessingException e) {
            throw new ImageSetException(file + " is damaged; fetch it or pack the set again", e);
        }
    }
}
