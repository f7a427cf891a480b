package org.isofleet.coordinator.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/** Brackets of a HOCON text: its parser names the end of the file when one is missing, which is seldom where it should stand. */
final class Brackets {
    private record Bracket(char closedBy, int line) {}

    private Brackets() {}

    /** The line, from 1, of the innermost bracket that is opened and never closed. Quoted strings and comments hold none. */
    static OptionalInt lineOfUnclosed(String text) {
        Deque<Bracket> open = new ArrayDeque<>();
        int line = 1;
        boolean quoted = false;
        boolean comment = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                quoted = false;
                comment = false;
            } else if (quoted) {
                quoted = c != '"';
            } else if (!comment) {
                quoted = c == '"';
                comment = c == '#' || text.startsWith("//", i);
                if (c == '{' || c == '[') {
                    open.push(new Bracket(c == '{' ? '}' : ']', line));
                } else if (c == '}' || c == ']') {
                    if (!open.isEmpty() && open.peek().closedBy() != c) {
                        break;
                    }
                    open.poll();
                }
            }
        }
        return open.isEmpty() ? OptionalInt.empty() : OptionalInt.of(open.peek().line());
    }
}
