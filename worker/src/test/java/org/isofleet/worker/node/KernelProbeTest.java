package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.isofleet.protocol.group.KernelClass;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.EngineFactory;
import org.junit.jupiter.api.Test;

class KernelProbeTest {
    private final EngineFactory engines = Dl4jEngine.factory();

    @Test
    void sameKernels_areOneClass() {
        KernelClass found = KernelProbe.find(engines, "fp32");
        assertThat(found.engine()).startsWith("dl4j");
        assertThat(found.device()).matches("[a-z0-9_]+-[0-9a-f]{12}");
        assertThat(KernelProbe.find(engines, "fp32")).isEqualTo(found);
    }
}
