package org.isofleet.deploy.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.isofleet.deploy.chaos.WatchedWorker;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.deploy.study.ClusterSecret;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.worker.engine.NativeMemory;
import org.isofleet.worker.node.LocalParts;
import org.isofleet.worker.node.WorkerNode;
import org.isofleet.worker.node.WorkerParts;
import org.isofleet.worker.node.WorkerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code isofleet worker}: one worker in the foreground. */
@Command(
        name = "worker",
        description =
                "Starts one worker in the foreground. The cluster's secret comes from ISOFLEET_SECRET or --secret-file.",
        mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
    @Option(
            names = "--id",
            paramLabel = "NAME",
            description = "Name of this worker's slot, kept over restarts (default: of the machine and the process).")
    private String id = "";

    @Option(
            names = "--coordinator",
            required = true,
            paramLabel = "HOST:PORT",
            description = "A coordinator to register with; repeat for several.")
    private List<String> coordinators = List.of();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to bind and to be known by (default ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "Port of the actor system (default: any).")
    private int port;

    @Option(names = "--bulk-port", paramLabel = "PORT", description = "Port on which peers connect (default: any).")
    private int bulkPort;

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads (default ${DEFAULT-VALUE}).")
    private int threads = 1;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "What computes: auto, dl4j or torch; only runs of this engine come here (default"
                    + " ${DEFAULT-VALUE}: dl4j, or torch for bf16).")
    private String engine = EngineChoice.AUTO;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description = "Of matrix products: fp32 or bf16, which only torch has (default ${DEFAULT-VALUE}).")
    private String precision = "fp32";

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory that a run may use (default ${DEFAULT-VALUE}).")
    private String memory = "4GiB";

    @Option(
            names = "--orphan-timeout",
            paramLabel = "TIME",
            description = "End after this long without any coordinator; 0s for never (default ${DEFAULT-VALUE}).")
    private String orphanTimeout = "0s";

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            description =
                    "When it is asked to end (SIGTERM or Ctrl-C): how long it may take to hand over what it works at;"
                            + " asked again it ends at once (default ${DEFAULT-VALUE}).")
    private String drainTimeout = "30s";

    @Option(names = "--secret-file", paramLabel = "FILE", description = "File that holds the cluster's secret.")
    private @Nullable Path secretFile;

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "Keys of the nodes, made by 'isofleet keys init DIR'; needed beyond the loopback device.")
    private @Nullable Path keys;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "How lines of the log are written (default ${DEFAULT-VALUE}).")
    private LogFormat logFormat = LogFormat.TEXT;

    @Option(
            names = "--watched",
            hidden = true,
            paramLabel = "DIR",
            description = "Of isofleet chaos: tell every step to a file there, and flip a bit when told to.")
    private @Nullable Path watched;

    @Override
    public Integer call() throws IOException, InterruptedException {
        logFormat.useHere();
        WorkerSettings settings = new WorkerSettings(
                id.isEmpty() ? nameOfThisProcess() : id,
                coordinators,
                host,
                port,
                bulkPort,
                secret(),
                threads,
                OptionValues.bytes("--memory", memory),
                OptionValues.time("--orphan-timeout", orphanTimeout, "30s or 10m"),
                keys);
        Duration drain = OptionValues.time("--drain-timeout", drainTimeout, "30s or 1m");
        NativeMemory.limit(settings.memoryBytes());
        EngineChoice choice = EngineChoice.of(engine, precision);
        WorkerParts parts =
                watched == null ? LocalParts.of(settings, choice) : WatchedWorker.parts(settings, choice, watched);
        try (WorkerNode node = WorkerNode.start(settings, parts)) {
            new DrainSignals(node::drain, drain).register();
            node.awaitTermination();
        }
        return 0;
    }

    private static String nameOfThisProcess() {
        String machine;
        try {
            machine = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            machine = "worker"; // a machine may well have a name that it does not know itself
        }
        return machine + "-" + ProcessHandle.current().pid();
    }

    private String secret() throws IOException {
        if (secretFile != null) {
            return ClusterSecret.read(secretFile);
        }
        String secret = System.getenv(ClusterSecret.VARIABLE);
        if (secret == null || secret.isBlank()) {
            throw new UserException("worker: no secret of the cluster: set " + ClusterSecret.VARIABLE
                    + " or name the file that holds it with --secret-file");
        }
        return secret;
    }
}
