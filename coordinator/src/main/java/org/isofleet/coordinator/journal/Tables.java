package org.isofleet.coordinator.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The tables of a kind of database. */
enum Tables {
    H2(
            "/isofleet-coordinator/journal-h2.sql",
            "\"",
            "ALTER TABLE \"event_journal\" ALTER COLUMN \"ordering\" RESTART WITH %d"),
    POSTGRESQL(
            "/isofleet-coordinator/journal-postgresql.sql",
            "",
            "SELECT setval(pg_get_serial_sequence('event_journal', 'ordering'), %d, false)");

    private final String resource;
    private final String quote;
    private final String numberingFrom;

    Tables(String resource, String quote, String numberingFrom) {
        this.resource = resource;
        this.quote = quote;
        this.numberingFrom = numberingFrom;
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

    /** The name of a table or column, as a statement has it. */
    String named(String name) {
        return quote + name + quote;
    }

    /** The statement after which the next event has this ordering. */
    String numberFrom(long ordering) {
        return numberingFrom.formatted(ordering);
    }
}
