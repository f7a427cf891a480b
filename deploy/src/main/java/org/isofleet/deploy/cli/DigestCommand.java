package org.isofleet.deploy.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.worker.checkpoint.ParameterDigest;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet digest}: the proof that two runs ended with the same bits. */
@Command(
        name = "digest",
        description = "Prints the SHA-256 of a run's parameters, checked against the checkpoint's manifest.",
        mixinStandardHelpOptions = true)
final class DigestCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "PATH",
            description = "A run's folder (its newest checkpoint), a checkpoint's folder, or a safetensors file.")
    private Path path = Path.of("");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private record Answer(String schema, @JsonUnwrapped ParameterDigest digest) {}

    @Override
    public Integer call() throws JsonProcessingException {
        ParameterDigest digest = digest();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                json
                        ? LiveJson.mapper().writeValueAsString(new Answer("digest/1", digest))
                        : digest.sha256() + "  " + path + " (step " + digest.step() + ", " + digest.params()
                                + " parameters)");
        out.flush();
        return 0;
    }

    private ParameterDigest digest() {
        try {
            return ParameterDigest.of(path);
        } catch (IOException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }
}
