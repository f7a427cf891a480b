package org.isofleet.deploy.search;

import java.util.List;

/** What an event at one worker comes to: the worker and the disk after it and what it sends, by their numbers. */
record Change(int worker, int disk, List<Integer> sent) {
    static final Change NONE = new Change(-1, -1, List.of());

    Change {
        sent = List.copyOf(sent);
    }
}
