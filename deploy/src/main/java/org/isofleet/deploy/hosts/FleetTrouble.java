package org.isofleet.deploy.hosts;

import java.util.List;

/** What is wrong with hosts: one line each, which names the host and the mend. */
public final class FleetTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    FleetTrouble(List<String> lines) {
        super(String.join("; ", lines));
        this.lines = List.copyOf(lines);
    }

    public List<String> lines() {
        return lines;
    }
}
