package org.isofleet.coordinator.plan;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isofleet.protocol.study.BatchRule;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.ImageSelection;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelChoice;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.OptimizerRule;
import org.isofleet.protocol.study.RateRule;
import org.isofleet.protocol.study.Repeats;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.ScheduleRule;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyLimits;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.protocol.study.ThroughputEstimate;
import org.isofleet.protocol.study.TuningGrid;
import org.jspecify.annotations.Nullable;

/** Reads a study, key by key in the order of the reference study, which documents them and holds the defaults. */
final class StudyReader {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4})x(\\d{1,6})(?:x(\\d{1,5}))?");

    private StudyReader() {}

    /** @param file whose folder relative paths start from; null when the study came from none */
    static StudySpec read(ConfigObject study, ConfigObject reference, @Nullable Path file) {
        Section root = new Section("", study, reference);
        StudySpec spec = root.build(() -> study(root, file));
        root.close();
        return spec;
    }

    private static StudySpec study(Section root, @Nullable Path file) {
        EngineChoice engine = EngineChoice.of(root.text("engine"), root.text("precision"));
        return new StudySpec(
                root.text("name"),
                root.section("images", images -> images(images, file)),
                root.value("budgets") instanceof ConfigObject
                        ? root.section("budgets", StudyReader::budgetLadder)
                        : root.list("budgets", StudyReader::budget),
                root.value("models") instanceof ConfigObject
                        ? root.section("models", StudyReader::sizeRange)
                        : new ModelChoice.Sizes(root.list("models", StudyReader::size)),
                root.value("batch") instanceof ConfigObject
                        ? root.section("batch", StudyReader::batchLaw)
                        : new BatchRule.Fixed(root.count("batch")),
                virtualShards(root),
                root.section("optimizer", StudyReader::optimizer),
                root.section("schedule", StudyReader::schedule),
                root.list("seeds", Scalars::whole),
                root.section(
                        "repeats",
                        repeats -> new Repeats(repeats.list("seeds", Scalars::whole), repeats.count("cells"))),
                root.section("limits", StudyReader::limits),
                engine.engine(),
                engine.precision(),
                root.whole("checkpoint-every"),
                root.flag("exact"),
                root.flag("adaptive"),
                root.section("evaluation", evaluation -> EvaluationReader.read(evaluation, file)),
                root.section("workers", StudyReader::policy),
                root.section("throughput", StudyReader::throughput),
                tune(root));
    }

    private static ImageSelection images(Section images, @Nullable Path file) {
        String location = images.text("location");
        return new ImageSelection(
                file == null ? location : located(location, file),
                images.count("channels"),
                images.count("levels"),
                images.list("resolutions", Scalars::count));
    }

    private static String located(String location, Path file) {
        return location.isBlank() || location.startsWith(ImageSetRef.EMBEDDED) ? location : beside(location, file);
    }

    static String beside(String location, Path file) {
        try {
            return file.toAbsolutePath().resolveSibling(location).normalize().toString();
        } catch (InvalidPathException e) {
            return location; // who opens it says what is wrong with it
        }
    }

    private static Budget budget(Section section, String key, ConfigValue value) {
        return new Budget(Scalars.flops(section, key, value));
    }

    private static List<Budget> budgetLadder(Section ladder) {
        double from = Scalars.flops(ladder, "from", ladder.value("from"));
        double to = Scalars.flops(ladder, "to", ladder.value("to"));
        return geometric(ladder, from, to).stream().map(Budget::new).toList();
    }

    private static List<Double> rates(Section rates) {
        return geometric(rates, rates.number("from"), rates.number("to"));
    }

    /** Numbers evenly apart in the logarithm, rounded to six digits, which no law can tell from the exact ones. */
    private static List<Double> geometric(Section section, double from, double to) {
        int count = section.count("count");
        if (!(from > 0 && to > from && count >= 2)) {
            throw section.wrong("from", section.value("from"), "above 0 and below to, and count at least 2");
        }
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(Rounding.digits(from * StrictMath.pow(to / from, (double) i / (count - 1)), 6));
        }
        return values;
    }

    private static ModelChoice sizeRange(Section range) {
        return new ModelChoice.Range(
                Scalars.params(range, "from", range.value("from")),
                Scalars.params(range, "to", range.value("to")),
                range.count("count"));
    }

    private static ModelSize size(Section section, String key, ConfigValue value) {
        Matcher matcher = SIZE.matcher(value.unwrapped().toString());
        if (!matcher.matches()) {
            throw section.wrong(key, value, "layers x width or layers x width x heads, as \"2x32\" or \"2x32x2\"");
        }
        int layers = Integer.parseInt(matcher.group(1));
        int width = Integer.parseInt(matcher.group(2));
        String heads = matcher.group(3);
        return heads == null ? ModelFamily.size(layers, width) : new ModelSize(layers, width, Integer.parseInt(heads));
    }

    private static BatchRule batchLaw(Section batch) {
        return new BatchRule.PowerLaw(
                batch.number("tokens-coefficient"),
                batch.number("tokens-exponent"),
                batch.count("min"),
                batch.count("max"));
    }

    private static int virtualShards(Section root) {
        return root.text("virtual-shards").equals("auto") ? StudySpec.AUTO_SHARDS : root.count("virtual-shards");
    }

    private static OptimizerRule optimizer(Section optimizer) {
        RateRule fixed = rate(optimizer);
        return new OptimizerRule(
                optimizer.has("tuning") ? optimizer.section("tuning", StudyReader::citation) : fixed,
                optimizer.number("beta1"),
                optimizer.number("epsilon"),
                optimizer.number("weight-decay"),
                optimizer.number("clip-norm"));
    }

    private static RateRule rate(Section optimizer) {
        double beta2 = optimizer.number("beta2");
        return optimizer.value("learning-rate") instanceof ConfigObject
                ? optimizer.section(
                        "learning-rate",
                        law -> new RateRule.PowerLaw(
                                law.number("coefficient"),
                                law.number("params-exponent"),
                                law.number("batch-exponent"),
                                beta2))
                : new RateRule.PowerLaw(optimizer.number("learning-rate"), 0, 0, beta2);
    }

    private static RateRule citation(Section tuning) {
        return new RateRule.Cited(tuning.text("file"), tuning.text("sha256"));
    }

    private static ScheduleRule schedule(Section schedule) {
        return schedule.section(
                "warm-up",
                warmup -> new ScheduleRule(
                        named(schedule, "shape", schedule.value("shape"), ScheduleSpec.Shape.class),
                        schedule.number("decay-fraction"),
                        schedule.number("final-fraction"),
                        warmup.number("tokens-per-param"),
                        warmup.whole("min-steps"),
                        warmup.number("max-fraction")));
    }

    private static StudyLimits limits(Section limits) {
        return new StudyLimits(
                limits.whole("min-steps"),
                limits.whole("fit-min-steps"),
                limits.number("max-epochs"),
                limits.number("min-tokens-per-param"),
                limits.number("max-tokens-per-param"),
                limits.flag("train-unfitted"),
                limits.flag("fit-head-dominated"),
                Scalars.bytes(limits, "memory", limits.value("memory")));
    }

    private static RunPolicy policy(Section workers) {
        return new RunPolicy(
                workers.count("per-run"),
                workers.count("attempts"),
                duration(workers, "backoff"),
                duration(workers, "max-backoff"),
                duration(workers, "prepare-timeout"),
                duration(workers, "evaluation-limit"),
                duration(workers, "wait-limit"),
                workers.number("cost-per-hour"),
                workers.number("audit"));
    }

    private static ThroughputEstimate throughput(Section throughput) {
        return new ThroughputEstimate(
                Scalars.flops(throughput, "flops-per-second", throughput.value("flops-per-second")),
                duration(throughput, "step-overhead"));
    }

    private static @Nullable TuningGrid tune(Section root) {
        return root.has("tune") ? root.section("tune", StudyReader::tuningGrid) : null;
    }

    private static TuningGrid tuningGrid(Section tune) {
        return new TuningGrid(
                budget(tune, "budget", tune.value("budget")),
                tune.list("sizes", StudyReader::size),
                tune.value("learning-rates") instanceof ConfigList
                        ? tune.list("learning-rates", Scalars::number)
                        : tune.section("learning-rates", StudyReader::rates),
                tune.list("batches", Scalars::count),
                tune.list("beta2", Scalars::number),
                size(tune, "check", tune.value("check")),
                tune.count("check-seeds"),
                tune.count("held-out-images"));
    }

    private static Duration duration(Section section, String key) {
        return Scalars.duration(section, key, section.value(key));
    }

    static <E extends Enum<E>> E named(Section section, String key, ConfigValue value, Class<E> type) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        int index = value.valueType() == ConfigValueType.STRING
                ? names.indexOf(value.unwrapped().toString())
                : -1;
        if (index < 0) {
            throw section.wrong(key, value, "one of " + String.join(", ", names));
        }
        return type.getEnumConstants()[index];
    }
}
