package org.isofleet.deploy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.isofleet.coordinator.journal.JournalMigration;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.deploy.study.JournalChoice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code isofleet journal}. */
@Command(
        name = "journal",
        description = "What can be done with the journal of a study that is stopped.",
        subcommands = JournalCommand.Migrate.class,
        mixinStandardHelpOptions = true)
final class JournalCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** {@code isofleet journal migrate}. */
    @Command(
            name = "migrate",
            description =
                    "Moves the journal of a study from its file to PostgreSQL, where several coordinators can share it.",
            mixinStandardHelpOptions = true)
    static final class Migrate implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "DIR", description = "A study folder.")
        private Path folder = Path.of("");

        @Mixin
        private JournalOptions journal = new JournalOptions();

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public Integer call() throws IOException {
            JournalSettings.PostgreSql to = journal.shared();
            JournalMigration.Content moved = JournalMigration.move(folder, to);
            JournalChoice.remember(folder, to);
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "Moved %d events and %d snapshots to %s; the old file is %s.%n",
                    moved.events(), moved.snapshots(), to, folder.resolve(JournalMigration.MOVED));
            out.flush();
            return 0;
        }
    }
}
