package org.isofleet.deploy.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorNode;
import org.isofleet.coordinator.node.CoordinatorSettings;
import org.isofleet.metrics.live.AtomicFile;
import org.isofleet.protocol.study.InvalidSpecException;

/** Starts the coordinator of a study folder where the last one was: workers that outlived it dial its port, or look into its journal. */
final class CoordinatorStart {
    private static final String PORT = "coordinator.port";

    private CoordinatorStart() {}

    /**
     * Starts one.
     *
     * @param asked with port 0 for that of the last one, if it is free
     */
    static CoordinatorNode of(CoordinatorSettings asked) throws IOException {
        if (asked.journal() instanceof JournalSettings.PostgreSql) {
            CoordinatorNode node = CoordinatorNode.start(asked);
            JournalChoice.remember(asked.studyFolder(), asked.journal());
            return node;
        }
        Path remembered = asked.studyFolder().resolve(PORT);
        CoordinatorNode node = asked.port() == 0 && Files.exists(remembered)
                ? again(asked, Files.readString(remembered).strip())
                : CoordinatorNode.start(asked);
        try {
            AtomicFile.write(remembered, Integer.toString(node.port()));
            return node;
        } catch (IOException e) {
            node.close();
            throw e;
        }
    }

    private static CoordinatorNode again(CoordinatorSettings asked, String port) {
        try {
            return CoordinatorNode.start(asked.withPort(Integer.parseInt(port)));
        } catch (InvalidSpecException | NumberFormatException e) {
            return CoordinatorNode.start(asked); // says why if it was not the port
        }
    }
}
