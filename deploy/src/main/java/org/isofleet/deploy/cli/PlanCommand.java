package org.isofleet.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.isofleet.coordinator.plan.StudyFile;
import org.isofleet.deploy.study.GpuKind;
import org.isofleet.deploy.study.ImageCatalog;
import org.isofleet.deploy.study.LocalImages;
import org.isofleet.deploy.study.PlanReport;
import org.isofleet.deploy.study.StudyPlans;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet plan}: shows what a study would train. */
@Command(
        name = "plan",
        description = "Shows the grid of a study, its FLOPs, memory, time and cost; trains nothing.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
    private static final double UTILISATION = 0.4;
    private static final String NO_SET = "0".repeat(64);

    @Parameters(index = "0", arity = "0..1", paramLabel = "STUDY", description = "A study file, or demo.")
    private @Nullable String study;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "Suppose N training images instead of opening the study's; run ids are then of no use.")
    private @Nullable Long images;

    @Option(
            names = "--gpus",
            description = "Add what the runs would take on GPUs: hours, cost, and runs that one cannot hold.")
    private boolean gpus;

    @Option(
            names = "--utilisation",
            paramLabel = "SHARE",
            description = "Suppose that training reaches this share of a GPU's peak: " + UTILISATION + " unless given.")
    private double utilisation = UTILISATION;

    @Option(
            names = "--price",
            paramLabel = "GPU=USD",
            description = "What an hour of a GPU costs, as H100=2.10; may be given several times.")
    private Map<String, Double> prices = Map.of();

    @Option(names = "--reference", description = "Print the reference study, which documents every key, and end.")
    private boolean reference;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws JsonProcessingException {
        if (reference) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(StudyFile.referenceText());
            out.flush();
            return 0;
        }
        if (study == null) {
            throw new UserException("plan: which study? Give a study file, or demo");
        }
        checkGpuOptions();
        StudySource source = StudySource.open(study);
        StudyPlan plan = StudyPlans.plan(source, catalog());
        PlanReport report = PlanReport.of(source.spec(), plan);
        if (gpus) {
            report = report.on(pricedGpus(), plan, utilisation);
        }
        Answers.print(spec, json, report, report.table());
        return 0;
    }

    private void checkGpuOptions() {
        if (!gpus && !(prices.isEmpty() && utilisation == UTILISATION)) {
            throw new UserException("--price and --utilisation say something of --gpus: give that too");
        }
        if (!(utilisation > 0 && utilisation <= 1)) {
            throw new UserException("--utilisation must be above 0 and at most 1, not " + utilisation);
        }
        List<String> names = GpuKind.ALL.stream().map(GpuKind::name).toList();
        prices.forEach((name, price) -> {
            if (!names.contains(name)) {
                throw new UserException("--price: no GPU '" + name + "'; one of " + String.join(", ", names));
            }
            if (!(price >= 0 && Double.isFinite(price))) {
                throw new UserException("--price " + name + ": must be 0 or more, not " + price);
            }
        });
    }

    private List<GpuKind> pricedGpus() {
        return GpuKind.ALL.stream()
                .map(kind -> kind.at(prices.getOrDefault(kind.name(), kind.dollarsPerHour())))
                .toList();
    }

    private ImageCatalog catalog() {
        Long supposed = images;
        return supposed == null
                ? new LocalImages()
                : (location, resolution) -> new ImageSetRef(location, NO_SET, supposed);
    }
}
