package org.isofleet.protocol.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.URL;
import java.util.List;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/** The actor system of a node: its own settings, the reference configurations of its modules beneath, and nothing else that a start could read. */
public final class NodeSystem {
    /** On the class path of every node, but of use to members of the cluster alone: jars are named by their module. */
    private static final List<String> OF_MEMBERS = List.of(
            "pekko-cluster",
            "pekko-coordination",
            "pekko-distributed-data",
            "pekko-http",
            "pekko-persistence",
            "pekko-serialization-jackson",
            "slick");

    private NodeSystem() {}

    /** Starts the system of a member of the cluster, which has a journal. */
    public static <T> ActorSystem<T> member(Behavior<T> guardian, String name, Config settings) {
        return start(guardian, name, settings, new PekkoResources(application(), any -> true));
    }

    /** Starts the system of a node that is no member: it speaks with others by their addresses. */
    public static <T> ActorSystem<T> outside(Behavior<T> guardian, String name, Config settings) {
        return start(guardian, name, settings, new PekkoResources(application(), NodeSystem::isNeededOutside));
    }

    static boolean isNeededOutside(URL reference) {
        return OF_MEMBERS.stream().noneMatch(PekkoResources.jar(reference)::startsWith);
    }

    private static <T> ActorSystem<T> start(Behavior<T> guardian, String name, Config settings, ClassLoader classes) {
        // By the same class loader as the system's: what it has parsed is kept for that one.
        Config config = settings.withFallback(ConfigFactory.load(classes)).resolve();
        return ActorSystem.create(guardian, name, BootstrapSetup.create(config).withClassloader(classes));
    }

    private static ClassLoader application() {
        return NodeSystem.class.getClassLoader();
    }
}
