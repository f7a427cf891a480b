package org.isofleet.protocol.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.util.ManifestInfo;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class NodeSystemTest {
    private static final ClassLoader APPLICATION = NodeSystemTest.class.getClassLoader();

    private static List<URL> resources(ClassLoader classes, String name) throws IOException {
        return Collections.list(classes.getResources(name));
    }

    @Test
    void manifests_areThoseOfPekkoAlone() throws IOException {
        String name = "META-INF/MANIFEST.MF";
        assertThat(resources(APPLICATION, name)).anyMatch(url -> url.getPath().contains("jackson"));
        assertThat(resources(new PekkoResources(APPLICATION, any -> true), name))
                .isNotEmpty()
                .allMatch(url -> url.getPath().contains("/pekko-"));
    }

    @Test
    void otherResources_areAsTheyAre() throws IOException {
        assertThat(resources(new PekkoResources(APPLICATION, any -> true), "reference.conf"))
                .isNotEmpty()
                .isEqualTo(resources(APPLICATION, "reference.conf"));
    }

    /** What a worker has no use for is not read; what it has is. */
    @Test
    void systemOutsideTheCluster_readsNothingOfMembers() throws IOException {
        URL needless = new URL("jar:file:/lib/pekko-cluster-sharding_2.13-1.7.0.jar!/reference.conf");
        URL copied = new URL("jar:file:/lib/0123456789abcdef-slick_2.13-3.5.1.jar!/reference.conf");
        URL needed = new URL("jar:file:/pekko-cluster/slick/pekko-remote_2.13-1.7.0.jar!/reference.conf");
        assertThat(NodeSystem.isNeededOutside(needless)).isFalse();
        assertThat(NodeSystem.isNeededOutside(copied)).isFalse();
        assertThat(NodeSystem.isNeededOutside(needed)).isTrue();
        assertThat(resources(
                        new PekkoResources(APPLICATION, url -> url.getPath().contains("/pekko-remote")),
                        "reference.conf"))
                .singleElement()
                .asString()
                .contains("pekko-remote");
    }

    /** Else Pekko could not refuse modules of different versions. */
    @Test
    void system_stillKnowsTheVersionsOfItsModules() {
        ActorSystem<Void> system = NodeSystem.member(Behaviors.empty(), "versions", ConfigFactory.empty());
        try {
            Map<String, ManifestInfo.Version> versions =
                    CollectionConverters.asJava(ManifestInfo.get(system).versions());
            assertThat(versions.keySet()).contains("pekko-actor", "pekko-actor-typed");
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }
}
