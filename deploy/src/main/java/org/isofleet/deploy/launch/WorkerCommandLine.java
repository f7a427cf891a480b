package org.isofleet.deploy.launch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** How a worker process is started: with this JVM's Java and class path. The secret is in the environment, never in the arguments. */
public final class WorkerCommandLine {
    static final String SECRET_VARIABLE = "ISOFLEET_SECRET";

    private final LocalFleet fleet;
    private final String mainClass;
    private final CoreSets cores = CoreSets.ofThisProcess();

    /** Of a fleet of this program's workers. */
    public WorkerCommandLine(LocalFleet fleet) {
        this(fleet, IsofleetCommandLine.MAIN_CLASS);
    }

    WorkerCommandLine(LocalFleet fleet, String mainClass) {
        this.fleet = fleet;
        this.mainClass = mainClass;
    }

    /** Program and arguments of a worker. */
    public List<String> arguments(String workerId) {
        int number = Integer.parseInt(workerId.substring(1)) - 1;
        List<String> arguments = new ArrayList<>(cores.prefix(number, fleet.workers(), fleet.threads()));
        arguments.addAll(IsofleetCommandLine.of(mainClass, List.of("worker")));
        arguments.addAll(List.of("--id", workerId));
        for (String coordinator : fleet.coordinators()) {
            arguments.addAll(List.of("--coordinator", coordinator));
        }
        arguments.addAll(List.of("--threads", Integer.toString(fleet.threads())));
        arguments.addAll(List.of("--memory", fleet.memoryBytes() + "B"));
        arguments.addAll(List.of("--orphan-timeout", fleet.orphanTimeout().toMillis() + "ms"));
        arguments.addAll(List.of("--drain-timeout", WorkerSlot.DRAIN.toMillis() + "ms"));
        arguments.addAll(List.of("--engine", fleet.engine().engine()));
        arguments.addAll(List.of("--precision", fleet.engine().precision()));
        if (fleet.logFormat() != LogFormat.TEXT) {
            arguments.addAll(List.of("--log-format", fleet.logFormat().word()));
        }
        if (fleet.keys() != null) {
            arguments.addAll(List.of("--keys", fleet.keys().toAbsolutePath().toString()));
        }
        return arguments;
    }

    /** One product is one thread: a worker's threads take different shards. */
    public Map<String, String> environment() {
        return Map.of(
                SECRET_VARIABLE,
                fleet.secret(),
                "OPENBLAS_NUM_THREADS",
                "1",
                "OMP_NUM_THREADS",
                "1",
                "ISOFLEET_LOG",
                "INFO");
    }

    /** Equal for processes that would be started alike; says nothing about the secret. */
    String digest(String workerId) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(String.join("\n", arguments(workerId)).getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            sha256.update(fleet.secret().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
