package org.isofleet.worker.torch;

import org.isofleet.worker.engine.EngineConformance;
import org.isofleet.worker.engine.EngineFactory;

final class TorchConformanceTest extends EngineConformance {
    @Override
    protected EngineFactory engines() {
        return TorchEngine.factory(Precision.FP32);
    }
}
