package org.isofleet.deploy.cli;

import java.util.List;
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
        version = "isofleet 0.1.0")
public final class Isofleet implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            PlanCommand.class,
            ReportCommand.class,
            StatusCommand.class,
            ExportCommand.class,
            TuneCommand.class,
            StudyCommand.class,
            CoordinatorCommand.class,
            WorkerCommand.class,
            UpCommand.class,
            DownCommand.class,
            AddCommand.class,
            DrainCommand.class,
            LogsCommand.class,
            ExecCommand.class,
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
            CommandLine.HelpCommand.class);

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
        CommandLine line = new CommandLine(isofleet);
        commands(arguments).forEach(line::addSubcommand);
        line.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(OneLineErrors::badArguments)
                .setExecutionExceptionHandler((e, command, parsed) -> OneLineErrors.failed(e, command, isofleet.debug));
        try {
            return line.execute(arguments);
        } catch (Error e) { // of the machine, for example its memory; picocli hands on exceptions only
            return OneLineErrors.failed(e, line, isofleet.debug);
        }
    }

    /** The one that is asked for, since reading what all of them take is a seventh of a worker's start; all where it is none, or help. */
    private static List<Class<?>> commands(String... arguments) {
        return COMMANDS.stream()
                .filter(command -> command != CommandLine.HelpCommand.class && isNamed(command, arguments))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    private static boolean isNamed(Class<?> command, String... arguments) {
        return arguments.length > 0
                && command.getAnnotation(Command.class).name().equals(arguments[0]);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
