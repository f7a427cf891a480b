package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.keys.KeyIssuer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network namespace for the coordinator and for each worker, joined by a bridge that lives in the coordinator's: none of it is seen from
 * this machine's own network. A worker is cut off by taking its end of the cable down, so packets vanish without a word. No loopback device joins them, so the nodes need keys, made for this
 * once.
 */
final class Namespaces implements Network {
    private static final Logger LOG = LoggerFactory.getLogger(Namespaces.class);
    private static final String SUBNET = "10.77.0.";
    private static final int MOST_WORKERS = 200;
    private static final Duration KEYS_LIVE = Duration.ofDays(30);

    private final String hub = "isofleet-" + ProcessHandle.current().pid();
    private final int workers;
    private final Path keys;

    private Namespaces(int workers, Path keys) {
        this.workers = workers;
        this.keys = keys;
    }

    /** @throws IOException when this process may not, or the system has no {@code ip}; nothing is left behind then */
    static Namespaces open(int workers) throws IOException, InterruptedException {
        if (workers > MOST_WORKERS) {
            throw new IOException("a bridge takes " + MOST_WORKERS + " workers");
        }
        Namespaces opened = new Namespaces(workers, Files.createTempDirectory("isofleet-keys-"));
        try {
            KeyIssuer.init(opened.keys, KEYS_LIVE);
            opened.make();
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private void make() throws IOException, InterruptedException {
        ip("netns", "add", hub);
        ip("-n", hub, "link", "set", "lo", "up");
        ip("-n", hub, "link", "add", "bridge", "type", "bridge");
        ip("-n", hub, "addr", "add", coordinatorHost() + "/24", "dev", "bridge");
        ip("-n", hub, "link", "set", "bridge", "up");
        for (int worker = 0; worker < workers; worker++) {
            String spoke = spoke(worker);
            ip("netns", "add", spoke);
            ip("-n", hub, "link", "add", cable(worker), "type", "veth", "peer", "name", "eth0", "netns", spoke);
            ip("-n", hub, "link", "set", cable(worker), "master", "bridge");
            ip("-n", hub, "link", "set", cable(worker), "up");
            ip("-n", spoke, "addr", "add", workerHost(worker) + "/24", "dev", "eth0");
            ip("-n", spoke, "link", "set", "eth0", "up");
            ip("-n", spoke, "link", "set", "lo", "up");
        }
    }

    @Override
    public Path keys() {
        return keys;
    }

    @Override
    public String coordinatorHost() {
        return SUBNET + 1;
    }

    @Override
    public String workerHost(int worker) {
        return SUBNET + (worker + 2);
    }

    @Override
    public List<String> coordinatorPrefix() {
        return List.of("ip", "netns", "exec", hub);
    }

    @Override
    public List<String> workerPrefix(int worker) {
        return List.of("ip", "netns", "exec", spoke(worker));
    }

    @Override
    public void cut(int worker) throws IOException, InterruptedException {
        ip("-n", hub, "link", "set", cable(worker), "down");
    }

    @Override
    public void heal(int worker) throws IOException, InterruptedException {
        ip("-n", hub, "link", "set", cable(worker), "up");
    }

    private String spoke(int worker) {
        return hub + "-w" + (worker + 1);
    }

    private static String cable(int worker) {
        return "cable" + (worker + 1);
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        SystemCommand.run(command);
    }

    /** Takes the namespaces away, and the cables with them, and the keys. */
    @Override
    public void close() {
        try {
            for (int worker = 0; worker < workers; worker++) {
                ip("netns", "delete", spoke(worker));
            }
            ip("netns", "delete", hub);
        } catch (IOException e) {
            LOG.debug("not all of them were made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        CheckpointFolders.deleteTree(keys);
    }
}
