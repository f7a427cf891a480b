package org.isofleet.deploy.hosts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The script that is sent to hosts, and calls of its functions. */
final class HostScript {
    private static final String RESOURCE = "host.sh";

    private final StringBuilder calls = new StringBuilder();
    private final String folder;

    /** @param folder of the host, as its file of hosts says it or absolute */
    HostScript(String folder) {
        this.folder = folder;
    }

    HostScript set(String variable, String value) {
        calls.append(variable).append('=').append(quoted(value)).append('\n');
        return this;
    }

    HostScript call(String function, List<String> arguments) {
        calls.append(function)
                .append(arguments.stream().map(a -> " " + quoted(a)).collect(Collectors.joining()))
                .append('\n');
        return this;
    }

    HostScript call(String function, String... arguments) {
        return call(function, List.of(arguments));
    }

    /** One more line of the shell as it stands. */
    HostScript line(String line) {
        calls.append(line).append('\n');
        return this;
    }

    String text() {
        return "folder=" + quoted(folder) + "\n" + functions() + calls;
    }

    private static String functions() {
        try (InputStream in = HostScript.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program holds no " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One word of a POSIX shell, whatever it holds. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
