package org.isofleet.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which cores each worker of a local fleet is bound to. Workers that wait for each other every step are drawn to one core by the
 * scheduler, which takes a wake-up over a socket for a hint to stay close; bound to cores of their own they gain a tenth. Only a fleet
 * that fills the machine is bound: another one might be given the same cores while others are idle.
 *
 * @param allowed numbers of the cores that this process may use, ascending
 */
public record CoreSets(List<Integer> allowed) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    public CoreSets {
        allowed = List.copyOf(allowed);
    }

    /** The cores of this process; none where the system does not tell or has no {@code taskset}. */
    public static CoreSets ofThisProcess() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return tasksetIsThere()
                    ? lines.filter(line -> line.startsWith(ALLOWED))
                            .findFirst()
                            .map(line -> parse(line.substring(ALLOWED.length()).strip()))
                            .orElse(new CoreSets(List.of()))
                    : new CoreSets(List.of());
        } catch (IOException e) {
            return new CoreSets(List.of()); // not Linux
        }
    }

    private static boolean tasksetIsThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));
    }

    /** Reads a list such as {@code 0-3,8}. */
    static CoreSets parse(String list) {
        List<Integer> cores = new ArrayList<>();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(cores::add);
        }
        return new CoreSets(cores);
    }

    /**
     * What stands before the command line of a worker.
     *
     * @param worker its number, from 0
     * @param workers of the fleet
     * @param threads compute threads of each
     * @return {@code taskset} with its cores, or nothing where the worker is left to the scheduler
     */
    public List<String> prefix(int worker, int workers, int threads) {
        boolean fills = workers * threads <= allowed.size() && (workers + 1) * threads > allowed.size();
        if (workers < 2 || !fills) {
            return List.of();
        }
        String cores = allowed.subList(worker * threads, (worker + 1) * threads).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","));
        return List.of("taskset", "--cpu-list", cores);
    }
}
