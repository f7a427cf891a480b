package org.isofleet.coordinator.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The tables of a kind of database. */
enum Tables {
    H2("/isofleet-coordinator/journal-h2.sql"),
    POSTGRESQL("/isofleet-coordinator/journal-postgresql.sql");

    private final String resource;

    Tables(String resource) {
        this.resource = resource;
    }

    /** Statements that make them where they are missing. */
    String statements() {
        try (InputStream stream = Tables.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(resource + " cannot be read", e);
        }
    }
}
