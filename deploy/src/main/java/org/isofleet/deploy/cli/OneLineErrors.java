package org.isofleet.deploy.cli;

import org.isofleet.protocol.study.InvalidSpecException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on standard error and an exit code. */
final class OneLineErrors {
    static final int BAD_INPUT = 2;
    static final int FAILED = 1;

    private OneLineErrors() {}

    static int badArguments(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        StringBuilder line = new StringBuilder(oneLine(e));
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            line.append("; did you mean '")
                    .append(unmatched.getSuggestions().get(0))
                    .append("'?");
        }
        line.append(" (see '").append(command.getCommandSpec().qualifiedName()).append(" --help')");
        command.getErr().println("isofleet: " + line);
        return BAD_INPUT;
    }

    static int failed(Exception e, CommandLine command, boolean debug) {
        if (debug) {
            e.printStackTrace(command.getErr());
        }
        boolean badInput = e instanceof UserException || e instanceof InvalidSpecException;
        command.getErr().println("isofleet: " + (badInput ? oneLine(e) : unexpected(e, debug)));
        return badInput ? BAD_INPUT : FAILED;
    }

    private static String unexpected(Exception e, boolean debug) {
        return e.getClass().getSimpleName() + ": " + oneLine(e) + (debug ? "" : " (--debug shows where)");
    }

    private static String oneLine(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
