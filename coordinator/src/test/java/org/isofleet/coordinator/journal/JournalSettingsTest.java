package org.isofleet.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;

class JournalSettingsTest {
    @Test
    void password_isNeitherTakenInAUrlNorPrinted() {
        assertThatThrownBy(() -> new JournalSettings.PostgreSql("jdbc:postgresql://db/x?user=u&password=hush", null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("in a file or in the environment")
                .hasMessageNotContaining("hush");
        assertThat(new JournalSettings.PostgreSql("jdbc:postgresql://db/x?user=u", "hush"))
                .asString()
                .doesNotContain("hush");
    }

    @Test
    void anotherKindOfUrl_isRefusedWithTheForm() {
        assertThatThrownBy(() -> new JournalSettings.PostgreSql("postgres://u:hush@db/x", null))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("jdbc:postgresql://HOST:PORT/DATABASE?user=NAME")
                .hasMessageNotContaining("hush");
    }

    @Test
    void serverThatIsAway_isToldInOneLine() {
        JournalSettings.PostgreSql away = new JournalSettings.PostgreSql("jdbc:postgresql://127.0.0.1:1/x", null);
        assertThatThrownBy(() -> new PostgresJournal(away).prepare())
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("cannot be used")
                .hasMessageNotContaining("\n");
    }
}
