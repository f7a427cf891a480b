package org.isofleet.deploy.hosts;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * A machine.
 *
 * @param name of it and of its workers
 * @param ssh what the ssh program is told to connect to: a name of the user's ssh configuration, or user@machine
 * @param address that its nodes bind and are known by
 * @param folder there for everything that is put there; from the home on, or absolute
 * @param java there
 * @param slots workers
 * @param threads compute threads of each
 * @param memoryBytes that a run may use in each
 */
public record Host(
        String name, String ssh, String address, String folder, String java, int slots, int threads, long memoryBytes) {
    public Host {
        require(
                name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,39}"),
                "a host's name is up to 40 letters, digits, dots and dashes, not '%s'; what ssh is to call it goes into ssh = ...",
                name);
        require(
                ssh.matches("[A-Za-z0-9][A-Za-z0-9._@:%%\\[\\]-]*"),
                "ssh: '%s' is nothing that ssh connects to; write it as machine or user@machine",
                ssh);
        require(address.matches("[A-Za-z0-9.:_-]+"), "address: '%s' is no address; write a name or 10.0.0.1", address);
        require(
                folder.matches("[A-Za-z0-9._/-]+") && !folder.startsWith("-"),
                "folder: '%s' must be a path of letters, digits, dots, dashes and slashes; it is from the home on unless it begins"
                        + " with a slash",
                folder);
        require(java.matches("[A-Za-z0-9._/-]+") && !java.startsWith("-"), "java: '%s' is no path of a program", java);
        require(slots >= 0 && slots <= 1024, "slots: a host has 0 to 1024 workers, not %d", slots);
        require(threads >= 1, "threads: a worker has at least 1 compute thread, not %d", threads);
        require(memoryBytes > 0, "memory: must be above 0");
    }

    /** Whether its nodes can be reached from this machine alone. */
    boolean isLoopback() {
        return address.startsWith("127.") || address.equals("localhost") || address.equals("::1");
    }

    /** The name of one of its workers; numbers count from 1. */
    String worker(int number) {
        return name + "-" + number;
    }
}
