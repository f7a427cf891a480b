package org.isofleet.worker.dl4j;

import org.isofleet.worker.engine.EngineConformance;
import org.isofleet.worker.engine.EngineFactory;

final class Dl4jConformanceTest extends EngineConformance {
    @Override
    protected EngineFactory engines() {
        return Dl4jEngine.factory();
    }
}
