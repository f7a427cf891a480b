package org.isofleet.deploy.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.isofleet.coordinator.plan.Nearest;
import org.isofleet.metrics.live.DiskFull;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.checkpoint.UnreadableCheckpointException;
import org.isofleet.worker.data.ImageSetException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on standard error and an exit code. */
final class OneLineErrors {
    static final int BAD_INPUT = 2;
    static final int FAILED = 1;

    /** Picocli's list of an enum's constants. */
    private static final Pattern CONSTANTS = Pattern.compile("one of \\[([A-Z_, ]+)\\] \\(case-insensitive\\)");
    /** Picocli's words for an exception of a converter. */
    private static final Pattern INNER = Pattern.compile("\\((?:\\w+\\.)*InvalidSpecException: (.*)\\)$");

    private static final String FULL = ": the disk is full; free space and start the same command again";

    private OneLineErrors() {}

    static int badArguments(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        StringBuilder line = new StringBuilder(readable(oneLine(e)));
        if (e instanceof UnmatchedArgumentException unmatched) {
            near(unmatched)
                    .ifPresent(
                            name -> line.append("; did you mean '").append(name).append("'?"));
        }
        line.append(" (see '").append(command.getCommandSpec().qualifiedName()).append(" --help')");
        command.getErr().println("isofleet: " + line);
        return BAD_INPUT;
    }

    /** Enum constants as they are written on the command line, and an error of ours without its class. */
    private static String readable(String message) {
        String lower = CONSTANTS
                .matcher(message)
                .replaceAll(match -> "one of " + match.group(1).toLowerCase(Locale.ROOT));
        return INNER.matcher(lower).replaceFirst("($1)");
    }

    /** What was most likely meant; picocli names something however far it is from what was written. */
    private static Optional<String> near(UnmatchedArgumentException e) {
        String written = e.getUnmatched().isEmpty() ? "" : e.getUnmatched().get(0);
        return Nearest.near(written, e.getSuggestions());
    }

    static int failed(Throwable e, CommandLine command, boolean debug) {
        if (debug) {
            e.printStackTrace(command.getErr());
        }
        Optional<String> badInput = badInput(e);
        command.getErr().println("isofleet: " + badInput.orElseGet(() -> unexpected(e, debug)));
        return badInput.isPresent() ? BAD_INPUT : FAILED;
    }

    /** The line for a fault of what the user gave; empty for anything else. */
    private static Optional<String> badInput(Throwable e) {
        if (e instanceof UserException
                || e instanceof InvalidSpecException
                || e instanceof ImageSetException
                || e instanceof UnreadableCheckpointException) {
            return Optional.of(oneLine(e));
        } else if (e instanceof UncheckedIOException && e.getCause() != null) {
            return DiskFull.isBehind(e.getCause()) ? Optional.of(oneLine(e) + FULL) : badInput(e.getCause());
        } else if (e instanceof FileSystemException file) {
            return Optional.of(file.getFile() + ": " + whatAndMend(file));
        } else if (e instanceof InvalidPathException path) {
            return Optional.of("'" + path.getInput().replace('\0', '?') + "' is no path of a file; name another");
        } else if (e instanceof CharacterCodingException) {
            return Optional.of("a file that should be text is none (" + oneLine(e) + "); name another");
        } else if (e instanceof IOException && DiskFull.isBehind(e)) {
            return Optional.of(oneLine(e) + FULL);
        }
        return Optional.empty();
    }

    private static String whatAndMend(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder, and none can be made there; name another";
        } else if (e instanceof AccessDeniedException) {
            return "access is denied; change its permissions or name another";
        } else if (e instanceof FileAlreadyExistsException) {
            return "is there already and in the way; move it or name another";
        } else if (e instanceof NotDirectoryException) {
            return "is no folder; name one";
        } else if (DiskFull.isBehind(e)) {
            return e.getReason() + FULL;
        }
        return (e.getReason() == null ? "cannot be read or written" : e.getReason()) + "; name another";
    }

    private static String unexpected(Throwable e, boolean debug) {
        if (e instanceof OutOfMemoryError) {
            return "not enough memory (" + oneLine(e) + "); JAVA_OPTS=-Xmx4g gives 4 GiB of heap";
        } else if (e instanceof LinkageError) {
            return "a native library cannot be loaded (" + oneLine(e) + (debug ? "" : "; --debug shows why")
                    + "); they are built for 64-bit Linux with glibc and unpacked to ~/.javacpp, which must be writable";
        }
        return e.getClass().getSimpleName() + ": " + oneLine(e) + (debug ? "" : " (--debug shows where)");
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
