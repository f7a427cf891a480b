package org.isofleet.deploy.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** One command line, run in this process, and what came of it. */
record Call(int code, String out, String err) {
    static Call of(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = Isofleet.run(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
            return new Call(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    /** The lines of the program itself on standard error, without a log's. */
    List<String> complaints() {
        return err.lines().filter(line -> line.startsWith("isofleet: ")).toList();
    }
}
