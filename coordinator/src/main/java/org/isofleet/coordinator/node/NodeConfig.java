package org.isofleet.coordinator.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.Locale;
import java.util.Map;

/** Settings of the actor system: one file a concern, and what only the start knows. */
final class NodeConfig {
    private NodeConfig() {}

    static Config of(CoordinatorSettings settings, JournalDatabase journal) {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.remote.artery.canonical.hostname", settings.host(),
                        "pekko.remote.artery.canonical.port", settings.port(),
                        "pekko-persistence-jdbc.shared-databases.slick.db.url", journal.url()))
                .withFallback(file(settings.profile().name().toLowerCase(Locale.ROOT)))
                .withFallback(file("cluster"))
                .withFallback(file("remoting"))
                .withFallback(file("persistence"))
                .withFallback(file("logging"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    private static Config file(String name) {
        return ConfigFactory.parseResources(
                NodeConfig.class.getClassLoader(),
                "isofleet-coordinator/" + name + ".conf",
                ConfigParseOptions.defaults().setAllowMissing(false));
    }
}
