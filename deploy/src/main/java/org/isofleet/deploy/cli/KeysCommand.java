package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.isofleet.protocol.keys.KeyIssuer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isofleet keys}: by which nodes on several machines know each other. */
@Command(
        name = "keys",
        description = "Makes the keys and certificates by which the nodes of a cluster know each other.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(init | renew)")
final class KeysCommand implements Runnable {
    /** How long a certificate holds. */
    static final class Life {
        @Option(
                names = "--days",
                defaultValue = "365",
                description = "Life of the nodes' certificate (default ${DEFAULT-VALUE}).")
        private int days;

        Duration duration() {
            return Duration.ofDays(days);
        }
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "init",
            description = "Makes a folder with an authority, and a key and a certificate for all nodes.",
            mixinStandardHelpOptions = true)
    void init(@Parameters(paramLabel = "DIR", description = "A new folder.") Path folder, @Mixin Life life)
            throws IOException {
        KeyIssuer.init(folder, life.duration());
        say("Give --keys " + folder + " to every node. Other machines need ca.pem, node.key and node.pem of it; ca.key,"
                + " which can make any node, stays here.");
    }

    @Command(
            name = "renew",
            description =
                    "Makes a new key and certificate for all nodes; those that run take them for new connections.",
            mixinStandardHelpOptions = true)
    void renew(@Parameters(paramLabel = "DIR", description = "A folder that init made.") Path folder, @Mixin Life life)
            throws IOException {
        KeyIssuer.renew(folder, life.duration());
        say("Nodes that see " + folder
                + " take the new certificate from now on. Other machines need node.key and node.pem"
                + " of it; until they have them, both certificates count.");
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
