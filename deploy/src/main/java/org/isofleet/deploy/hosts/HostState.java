package org.isofleet.deploy.hosts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a host says of itself.
 *
 * @param folder absolute
 * @param javaVersion as 17; 0 where there is no Java
 * @param jars that lie there, by their stored names
 * @param files below the folder, with their SHA-256
 * @param nodes that run
 * @param freeBytes of the disk
 * @param imagesMissing whether it does not see the images of the study
 * @param secret of the study, where it was asked for and is; empty else
 */
record HostState(
        String folder,
        int javaVersion,
        Set<String> jars,
        Map<String, String> files,
        Map<String, Running> nodes,
        long freeBytes,
        boolean imagesMissing,
        String secret) {
    /** A node that runs: its process, the digest of how it was started, and its release. */
    record Running(long pid, String digest, String release) {}

    HostState {
        jars = Set.copyOf(jars);
        files = Map.copyOf(files);
        nodes = Map.copyOf(nodes);
    }

    /** From the answer of the script's {@code probe}. */
    static HostState parse(Host host, List<String> lines) throws HostTrouble {
        String folder = "";
        int java = 0;
        long free = Long.MAX_VALUE;
        boolean missing = false;
        String secret = "";
        Set<String> jars = new HashSet<>();
        Map<String, String> files = new HashMap<>();
        Map<String, Running> nodes = new HashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", 5);
            try {
                switch (words[0]) {
                    case "folder" -> folder = line.substring(7);
                    case "java" -> java = version(line.substring(4).strip());
                    case "free" -> free = Long.parseLong(words[1]) * 1024;
                    case "missing" -> missing = true;
                    case "secret" -> secret = words[1];
                    case "jar" -> jars.add(words[1]);
                    case "file" -> files.put(line.substring(words[0].length() + words[1].length() + 2), words[1]);
                    case "node" -> nodes.put(words[1], new Running(Long.parseLong(words[2]), words[3], words[4]));
                    default -> {
                        // Of the shell's own start-up files; they may say what they like.
                    }
                }
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new HostTrouble(
                        host, "it answers '" + line + "', which makes no sense: try 'ssh " + host.ssh() + " true'");
            }
        }
        if (!folder.startsWith("/") || folder.contains(" ")) {
            throw new HostTrouble(
                    host, "'" + folder + "' is no folder for its files: give folder = /absolute/path without spaces");
        }
        return new HostState(folder, java, jars, files, nodes, free, missing, secret);
    }

    /** A record tells all it holds; this one must not. */
    @Override
    public String toString() {
        return "host with " + nodes.size() + " nodes in " + folder;
    }

    private static int version(String specification) {
        if (specification.isEmpty()) {
            return 0;
        }
        return Integer.parseInt(specification.startsWith("1.") ? specification.substring(2) : specification);
    }
}
