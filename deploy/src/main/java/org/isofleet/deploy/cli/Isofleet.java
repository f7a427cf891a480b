package org.isofleet.deploy.cli;

import org.isofleet.deploy.bench.BenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code isofleet}: one subcommand a class. */
@Command(
        name = "isofleet",
        description = "Runs compute-optimal scaling studies of next-pixel Transformers.",
        mixinStandardHelpOptions = true,
        version = "isofleet 0.1.0",
        subcommands = {
            DemoCommand.class,
            PlanCommand.class,
            ReportCommand.class,
            StatusCommand.class,
            TuneCommand.class,
            StudyCommand.class,
            CoordinatorCommand.class,
            WorkerCommand.class,
            JournalCommand.class,
            FitCommand.class,
            ForecastCommand.class,
            DataCommand.class,
            DigestCommand.class,
            KeysCommand.class,
            ChaosCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            RehearseCommand.class,
            CommandLine.HelpCommand.class,
        })
public final class Isofleet implements Runnable {
    @Option(names = "--debug", description = "Print the stack trace of an error.", scope = ScopeType.INHERIT)
    private boolean debug;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command line: 0 on success, 2 on bad input, 1 on anything else. */
    static int run(String... arguments) {
        Isofleet isofleet = new Isofleet();
        CommandLine line = new CommandLine(isofleet)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(OneLineErrors::badArguments)
                .setExecutionExceptionHandler((e, command, parsed) -> OneLineErrors.failed(e, command, isofleet.debug));
        try {
            return line.execute(arguments);
        } catch (Error e) { // of the machine, for example its memory; picocli hands on exceptions only
            return OneLineErrors.failed(e, line, isofleet.debug);
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
