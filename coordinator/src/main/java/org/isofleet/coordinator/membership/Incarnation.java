package org.isofleet.coordinator.membership;

import org.apache.pekko.cluster.UniqueAddress;

/**
 * One life of a coordinator.
 *
 * @param address {@code pekko://isofleet@host:port}
 * @param uid another one after each start
 */
record Incarnation(String address, long uid) {
    static Incarnation of(UniqueAddress member) {
        return new Incarnation(member.address().toString(), member.longUid());
    }

    @Override
    public String toString() {
        return address + "#" + uid;
    }
}
