package org.isofleet.worker.node;

import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.torch.Precision;
import org.isofleet.worker.torch.TorchEngine;

/** The engines that are built in. */
public final class LocalEngines {
    private LocalEngines() {}

    /**
     * Makes engines; a library is loaded only when it is chosen.
     *
     * @throws org.isofleet.protocol.study.InvalidSpecException when this machine cannot run it, in one line with the mend
     */
    public static EngineFactory of(EngineChoice choice) {
        return choice.engine().equals("torch")
                ? TorchEngine.factory(Precision.named(choice.precision()))
                : Dl4jEngine.factory();
    }

    /**
     * Refuses what workers of this machine could not compute with, before they are started.
     *
     * @throws org.isofleet.protocol.study.InvalidSpecException in one line with the mend
     */
    public static void requireHere(EngineChoice choice) {
        if (choice.engine().equals("torch")) {
            TorchEngine.requireHere(Precision.named(choice.precision()));
        }
    }

    /**
     * What the bits of an engine depend on here, found by computing with it.
     *
     * @throws org.isofleet.protocol.study.InvalidSpecException when this machine cannot run it, in one line with the mend
     */
    public static KernelClass kernelClass(EngineChoice choice) {
        return KernelProbe.find(of(choice), choice.precision());
    }
}
