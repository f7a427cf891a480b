package org.isofleet.worker.node;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Where all threads of this process stand, as text for people: those that compute come first, so that they are what is left when the rest has
 * to be cut. Taken by any thread, whatever the others do, as long as the process runs at all.
 */
final class ThreadStacks {
    private static final int FRAMES = 60;
    private static final String CUT = "... cut";

    private ThreadStacks() {}

    /** @param longest characters at most */
    static String capture(int longest) {
        StringBuilder text = new StringBuilder();
        ThreadInfo[] threads = ManagementFactory.getThreadMXBean().dumpAllThreads(true, true);
        Arrays.stream(threads)
                .sorted(Comparator.comparing((ThreadInfo thread) -> !computes(thread))
                        .thenComparing(ThreadInfo::getThreadName))
                .forEach(thread -> {
                    if (text.length() <= longest) {
                        append(text, thread);
                    }
                });
        if (text.length() > longest) {
            text.setLength(longest - CUT.length());
            text.append(CUT);
        }
        return text.toString();
    }

    private static boolean computes(ThreadInfo thread) {
        return thread.getThreadName().startsWith("isofleet-");
    }

    private static void append(StringBuilder text, ThreadInfo thread) {
        text.append('"')
                .append(thread.getThreadName())
                .append("\" ")
                .append(thread.getThreadState())
                .append(thread.isInNative() ? ", in native code" : "");
        LockInfo lock = thread.getLockInfo();
        if (lock != null) {
            text.append(", waits for ").append(lock);
            if (thread.getLockOwnerName() != null) {
                text.append(" of \"").append(thread.getLockOwnerName()).append('"');
            }
        }
        text.append('\n');
        StackTraceElement[] frames = thread.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
            text.append("    at ").append(frames[i]).append('\n');
        }
        if (frames.length > FRAMES) {
            text.append("    ... ").append(frames.length - FRAMES).append(" more\n");
        }
        text.append('\n');
    }
}
