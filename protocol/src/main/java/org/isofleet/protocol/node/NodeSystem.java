package org.isofleet.protocol.node;

import com.typesafe.config.Config;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/** The actor system of a node. */
public final class NodeSystem {
    private NodeSystem() {}

    /** Starts one, as {@link ActorSystem#create} does, without reading what it has no use for. */
    public static <T> ActorSystem<T> start(Behavior<T> guardian, String name, Config config) {
        ClassLoader classes = new PekkoManifests(NodeSystem.class.getClassLoader());
        return ActorSystem.create(guardian, name, BootstrapSetup.create(config).withClassloader(classes));
    }
}
