package org.isofleet.deploy.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.worker.data.PackedFolder;
import org.isofleet.worker.pack.ImagePacking;
import org.isofleet.worker.pack.PackingReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet data}: images packed into mapped files with checksums, which a study names as the location of its images. */
@Command(
        name = "data",
        description = "Packs images for studies, and checks what was packed.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(pack | verify)")
final class DataCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** One set of the folder; the same fields for both subcommands. */
    private record Packed(
            int resolution,
            int channels,
            int classes,
            @JsonProperty("train_images") long trainImages,
            @JsonProperty("validation_images") long validationImages,
            @JsonProperty("test_images") long testImages,
            String sha256) {
        static Packed of(PackedFolder.Contents set) {
            return new Packed(
                    set.resolution(),
                    set.channels(),
                    set.classes(),
                    set.train(),
                    set.validation(),
                    set.test(),
                    set.sha256());
        }

        String line() {
            return "%1$dx%1$d  %2$d training, %3$d validation, %4$d test images of %5$d classes, %6$s  SHA-256 %7$s"
                    .formatted(
                            resolution,
                            trainImages,
                            validationImages,
                            testImages,
                            classes,
                            channels == 1 ? "grey" : "RGB",
                            sha256);
        }
    }

    private record Answer(String schema, String folder, List<Packed> sets) {}

    /** What {@code pack} tells: the sets as {@code verify} does, and what became of the source's images. */
    private record PackAnswer(
            String schema,
            String folder,
            String format,
            @JsonProperty("images_read") long imagesRead,
            @JsonProperty("images_rejected") long imagesRejected,
            @JsonProperty("images_enlarged") long imagesEnlarged,
            List<Packed> sets) {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "pack",
            description = "Packs images into a new folder, whole or not at all.",
            mixinStandardHelpOptions = true)
    int pack(
            @Parameters(
                            paramLabel = "SOURCE",
                            description =
                                    "embedded:noto, embedded:twemoji, embedded:emoji, or images in one of the formats of"
                                            + " docs/data.md.")
                    String source,
            @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to make.") Path out,
            @Option(
                            names = {"--resolutions", "--resolution"},
                            split = ",",
                            paramLabel = "PIXELS",
                            description = "Image sides, as 16,32 (default: those that the source has).")
                    @Nullable
                    List<Integer> resolutions,
            @Mixin PackOptions options,
            @Option(names = "--json", description = "Print one JSON object.") boolean json)
            throws IOException {
        PackingReport report =
                ImagePacking.pack(source, options.with(resolutions == null ? List.of() : resolutions), out);
        if (json) {
            print(new PackAnswer(
                    "data/1",
                    out.toString(),
                    report.format(),
                    report.read(),
                    report.rejected(),
                    report.enlarged(),
                    report.sets().stream().map(Packed::of).toList()));
            return 0;
        }
        PrintWriter text = spec.commandLine().getOut();
        text.printf("%d images read, %d rejected", report.read(), report.rejected());
        if (report.rejected() > 0) {
            text.printf(" (%s)", out.resolve(PackingReport.REJECTED));
        }
        if (report.enlarged() > 0) {
            text.printf(", %d smaller than asked and enlarged", report.enlarged());
        }
        text.println();
        return tell(out, report.sets(), false);
    }

    @Command(
            name = "verify",
            description = "Checks every block of images of a packed folder against its checksum.",
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "DIR", description = "A folder that was packed.") Path folder,
            @Option(names = "--json", description = "Print one JSON object.") boolean json)
            throws IOException {
        return tell(folder, PackedFolder.verify(folder), json);
    }

    private int tell(Path folder, List<PackedFolder.Contents> contents, boolean json) throws JsonProcessingException {
        List<Packed> sets = contents.stream().map(Packed::of).toList();
        if (json) {
            print(new Answer("data/1", folder.toString(), sets));
        } else {
            PrintWriter out = spec.commandLine().getOut();
            sets.forEach(set -> out.println(set.line()));
            out.flush();
        }
        return 0;
    }

    private void print(Object answer) throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(LiveJson.mapper().writeValueAsString(answer));
        out.flush();
    }
}
