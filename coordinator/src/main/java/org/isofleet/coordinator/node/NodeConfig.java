package org.isofleet.coordinator.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.isofleet.coordinator.journal.Journal;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.protocol.keys.ArteryKeys;
import org.isofleet.protocol.refusal.ArteryRefusals;

/** Settings of the actor system: one file a concern, and what only the start knows. */
final class NodeConfig {
    private NodeConfig() {}

    static Config of(CoordinatorSettings settings, Journal journal) {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.remote.artery.canonical.hostname", settings.host(),
                        "pekko.remote.artery.canonical.port", settings.port()))
                .withFallback(journal.config())
                .withFallback(membership(settings.journal()))
                .withFallback(ConfigFactory.parseMap(ArteryRefusals.settings()))
                .withFallback(ConfigFactory.parseMap(ArteryKeys.settings(settings.keys())))
                .withFallback(file(settings.profile().name().toLowerCase(Locale.ROOT)))
                .withFallback(file("cluster"))
                .withFallback(file("remoting"))
                .withFallback(file("persistence"))
                .withFallback(file("logging"));
    }

    /** Of several coordinators who goes on is decided where their journal is. */
    private static Config membership(JournalSettings journal) {
        if (!(journal instanceof JournalSettings.PostgreSql shared)) {
            return file("alone");
        }
        Map<String, Object> lease = new HashMap<>(Map.of("isofleet.coordinator-lease.url", shared.url()));
        if (shared.password() != null) {
            lease.put("isofleet.coordinator-lease.password", shared.password());
        }
        return ConfigFactory.parseMap(lease).withFallback(file("shared"));
    }

    private static Config file(String name) {
        return ConfigFactory.parseResources(
                NodeConfig.class.getClassLoader(),
                "isofleet-coordinator/" + name + ".conf",
                ConfigParseOptions.defaults().setAllowMissing(false));
    }
}
