package org.isofleet.deploy.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.isofleet.coordinator.plan.ModelFamily;
import org.isofleet.coordinator.plan.StudyFile;
import org.isofleet.metrics.forecast.Forecast;
import org.isofleet.metrics.forecast.Projection;
import org.isofleet.metrics.live.AtomicFile;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.StudySpec;

/**
 * Study files of the runs that check a forecast: half, once and twice the predicted size with one seed, which tell where the best size lies, and the
 * predicted size with two seeds more, which tell the metric there. Everything else is as in the study that the forecast came from; so
 * they are its text with a few keys set again at the end, where HOCON lets the last one stand.
 */
public final class CheckStudies {
    private static final double[] SIZES = {0.5, 1, 2};

    private CheckStudies() {}

    /**
     * Writes the files beside the study's own, where its relative paths hold.
     *
     * @return the paths, in the order in which the runs are worth most
     * @throws InvalidSpecException when the study cannot be read
     */
    public static List<String> write(Path study, List<Forecast> forecasts) throws IOException {
        StudySpec spec = StudyFile.read(study);
        String text = Files.readString(study);
        String stem = study.getFileName().toString().replaceFirst("\\.conf$", "");
        long seed = spec.seeds().get(0);
        List<String> written = new ArrayList<>();
        for (Forecast forecast : forecasts) {
            int resolution = resolution(spec, forecast);
            String name = String.format(Locale.ROOT, "%s-check-%s-%d", stem, plain(forecast.budgetFlops()), resolution);
            List<ModelSize> sizes = sizes(spec, resolution, forecast.params().value());
            ModelSize predicted = nearest(spec, resolution, forecast.params().value());
            written.add(write(study, name, text, keys(name, forecast, resolution, sizes, List.of(seed))));
            String more = name + "-seeds";
            written.add(write(
                    study,
                    more,
                    text,
                    keys(more, forecast, resolution, List.of(predicted), List.of(seed + 1, seed + 2))));
        }
        return written;
    }

    private static int resolution(StudySpec spec, Forecast forecast) {
        String side = forecast.group().get(Projection.RESOLUTION);
        return side == null ? spec.images().resolutions().get(0) : Integer.parseInt(side);
    }

    private static String write(Path study, String name, String text, String keys) throws IOException {
        Path file = study.resolveSibling(name + ".conf");
        AtomicFile.write(file, text.stripTrailing() + "\n\n" + keys);
        StudyFile.read(file); // what is written here must be a study
        return file.toString();
    }

    private static String keys(
            String name, Forecast forecast, int resolution, List<ModelSize> sizes, List<Long> seeds) {
        return String.format(
                Locale.ROOT,
                "# The check of the forecast of %s FLOPs that was sealed %s; the keys below stand for those above.%n"
                        + "name = \"%s\"%nimages.resolutions = [%d]%nbudgets = [%s]%nmodels = [%s]%nseeds = [%s]%n",
                plain(forecast.budgetFlops()),
                forecast.sealedAt(),
                name,
                resolution,
                plain(forecast.budgetFlops()),
                sizes.stream()
                        .map(size -> "\"" + size.layers() + "x" + size.width() + "x" + size.heads() + "\"")
                        .collect(Collectors.joining(", ")),
                seeds.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }

    private static List<ModelSize> sizes(StudySpec spec, int resolution, double params) {
        Set<ModelSize> sizes = new LinkedHashSet<>();
        for (double share : SIZES) {
            sizes.add(nearest(spec, resolution, share * params));
        }
        return List.copyOf(sizes);
    }

    private static ModelSize nearest(StudySpec spec, int resolution, double params) {
        return ModelFamily.sizes().stream()
                .min(Comparator.comparingDouble(size ->
                        Math.abs(Math.log(size.shape(spec.images(), resolution).params() / params))))
                .orElseThrow();
    }

    /** As study files have budgets: 5e13. */
    private static String plain(double flops) {
        return String.format(Locale.ROOT, "%.6e", flops)
                .replaceFirst("\\.?0*e", "e")
                .replace("e+", "e");
    }
}
