package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.isofleet.deploy.doctor.Doctor;
import org.isofleet.deploy.doctor.DoctorAnswer;
import org.isofleet.deploy.doctor.DoctorText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code isofleet doctor}: what this machine can do. */
@Command(
        name = "doctor",
        description =
                "Tells what devices and engines there are here, which can drive which, and what is missing; exit code 0"
                        + " when an engine can work.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        DoctorAnswer answer = Doctor.examine(System.getenv().getOrDefault("PATH", ""));
        Answers.print(spec, json, answer, DoctorText.of(answer));
        return answer.canCompute() ? 0 : OneLineErrors.FAILED;
    }
}
