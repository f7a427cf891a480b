package org.isofleet.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.coordinator.node.CoordinatorSettings;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.deploy.study.LocalStudy;
import org.isofleet.deploy.study.StudyPlans;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.deploy.study.WebhookFile;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code study}, {@code demo} and {@code coordinator} have in common. */
final class StudyOptions {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The study folder (default: studies/NAME). The same command goes on where a stopped one was.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON object at the end; plain lines go to standard error.")
    private boolean json;

    @Option(names = "--plain", description = "Write lines instead of the live picture.")
    private boolean plain;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address on which the coordinator listens (default ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "Keys of the nodes, made by 'isofleet keys init DIR'; needed beyond the loopback device.")
    private @Nullable Path keys;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the coordinator (default: that of the last start, or any).")
    private int port;

    @Option(
            names = "--http",
            paramLabel = "PORT",
            description =
                    "Serve the dashboard and the HTTP API on this port of --host, 0 for any that is free (default: neither).")
    private @Nullable Integer http;

    @Option(
            names = "--webhooks",
            paramLabel = "FILE",
            description = "File of HTTP servers that are told of failed runs and of the end (docs/sinks.md).")
    private @Nullable Path webhooks;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "How lines of the logs are written, those of workers started here too (default"
                    + " ${DEFAULT-VALUE}).")
    private LogFormat logFormat = LogFormat.TEXT;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Compute threads of a worker that is started here (default ${DEFAULT-VALUE}).")
    private int threads = 1;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory of a worker that is started here (default ${DEFAULT-VALUE}).")
    private String memory = "4GiB";

    @Mixin
    private JournalOptions journal = new JournalOptions();

    @Option(
            names = "--network",
            paramLabel = "lan|default",
            description =
                    "How soon coordinators that share a journal take one of them for dead: lan after 3 s where they have a"
                            + " network and processor time of their own, default after 7 s (default ${DEFAULT-VALUE}).")
    private CoordinatorSettings.NetworkProfile profile = CoordinatorSettings.NetworkProfile.DEFAULT;

    int run(String command, String study, int workers) throws IOException {
        PrintStream answers = System.out;
        if (json) {
            System.setOut(System.err); // standard output is the answer's alone
        }
        StudyPlan plan = StudyPlans.onLocalImages(StudySource.open(study));
        Path folder = out == null ? Path.of("studies", plan.name()) : out;
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UserException("--out: " + folder + " is a file; name a folder");
        }
        LocalStudy.Settings settings = new LocalStudy.Settings(
                folder,
                workers,
                threads,
                OptionValues.bytes("--memory", memory),
                host,
                port,
                journal.of(folder),
                profile,
                keys,
                http,
                webhooks == null ? List.of() : WebhookFile.read(webhooks),
                logFormat,
                plain || json);
        StudyView view = new LocalStudy(plan, settings).run();
        tell(answers, command, folder, view);
        long parked = view.count(LiveEvent.RunState.PARKED);
        if (parked > 0) {
            System.err.println("isofleet: " + parked + " of " + view.runs().size()
                    + " runs were parked; the report says why, and the same command with another --out tries again");
        }
        return parked > 0 ? OneLineErrors.FAILED : 0;
    }

    private void tell(PrintStream answers, String command, Path folder, StudyView view) throws JsonProcessingException {
        if (json) {
            answers.println(LiveJson.mapper().writeValueAsString(StudyAnswer.of(command, folder.toString(), view)));
        } else {
            answers.println("The report is " + folder.resolve("report.html").toAbsolutePath());
        }
        answers.flush();
    }
}
