package org.isofleet.deploy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.isofleet.coordinator.journal.JournalBackup;
import org.isofleet.coordinator.journal.JournalContent;
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
        description = "Moves, copies and restores the journal of a study.",
        subcommands = {JournalCommand.Migrate.class, JournalCommand.Backup.class, JournalCommand.Restore.class},
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
            JournalContent moved = JournalMigration.move(folder, to);
            JournalChoice.remember(folder, to);
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "Moved %d events and %d snapshots to %s; the old file is %s.%n",
                    moved.events(), moved.snapshots(), to, folder.resolve(JournalMigration.MOVED));
            out.flush();
            return 0;
        }
    }

    /** {@code isofleet journal backup}. */
    @Command(
            name = "backup",
            description = "Copies the journal of a study into a file: one in PostgreSQL as it is at this moment, while"
                    + " coordinators go on, one in a file while its study is stopped.",
            mixinStandardHelpOptions = true)
    static final class Backup implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "DIR", description = "A study folder.")
        private Path folder = Path.of("");

        @Parameters(index = "1", paramLabel = "FILE", description = "The copy, a new file NAME.mv.db.")
        private Path file = Path.of("");

        @Mixin
        private JournalOptions journal = new JournalOptions();

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public Integer call() throws IOException {
            JournalContent copied = JournalBackup.write(folder, journal.of(folder), file);
            PrintWriter out = spec.commandLine().getOut();
            out.printf("Copied %d events and %d snapshots to %s.%n", copied.events(), copied.snapshots(), file);
            out.flush();
            return 0;
        }
    }

    /** {@code isofleet journal restore}. */
    @Command(
            name = "restore",
            description =
                    "Fills the journal of a stopped study, of which there is none any more, from a copy. What workers and"
                            + " checkpoints know beyond it is found when the study goes on.",
            mixinStandardHelpOptions = true)
    static final class Restore implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "DIR", description = "A study folder.")
        private Path folder = Path.of("");

        @Parameters(index = "1", paramLabel = "FILE", description = "A copy that 'journal backup' made.")
        private Path file = Path.of("");

        @Mixin
        private JournalOptions journal = new JournalOptions();

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public Integer call() throws IOException {
            JournalSettings to = journal.of(folder);
            JournalContent restored = JournalBackup.restore(folder, to, file);
            JournalChoice.remember(folder, to);
            PrintWriter out = spec.commandLine().getOut();
            out.printf("Restored %d events and %d snapshots from %s.%n", restored.events(), restored.snapshots(), file);
            out.flush();
            return 0;
        }
    }
}
