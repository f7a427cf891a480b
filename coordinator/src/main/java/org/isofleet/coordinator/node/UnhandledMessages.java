package org.isofleet.coordinator.node;

import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Logs messages that their receiver does not know, for example one that was sent to the address of another actor. */
final class UnhandledMessages {
    private UnhandledMessages() {}

    static Behavior<UnhandledMessage> create() {
        return Behaviors.setup(context -> {
            context.getSystem()
                    .eventStream()
                    .tell(new EventStream.Subscribe<>(UnhandledMessage.class, context.getSelf()));
            return Behaviors.receiveMessage(unhandled -> {
                context.getLog()
                        .warn(
                                "{} does not know what to do with {}; it was dropped",
                                unhandled.getRecipient().path(),
                                unhandled.getMessage().getClass().getName());
                return Behaviors.same();
            });
        });
    }
}
