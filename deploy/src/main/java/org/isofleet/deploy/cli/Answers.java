package org.isofleet.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.List;
import org.isofleet.metrics.live.LiveJson;
import picocli.CommandLine.Model.CommandSpec;

/** What a command answers on standard output: one JSON object for programs, or lines for people. */
final class Answers {
    private Answers() {}

    static void print(CommandSpec command, boolean json, Object answer, List<String> lines)
            throws JsonProcessingException {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(LiveJson.mapper().writeValueAsString(answer));
        } else {
            lines.forEach(out::println);
        }
        out.flush();
    }
}
