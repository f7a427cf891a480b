package org.isofleet.coordinator.http;

/**
 * Who asks.
 *
 * @param name of the token, for people
 */
public record Caller(String name, Role role) {
    static final Caller ANYONE = new Caller("", Role.ANYONE);

    /** As an audit tells it. */
    public String words() {
        return name + " (" + role.word() + ")";
    }
}
