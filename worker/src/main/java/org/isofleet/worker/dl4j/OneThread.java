package org.isofleet.worker.dl4j;

import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Keeps native kernels to the calling thread. oneDNN takes its number of threads from OpenMP, where it is a property of the
 * calling thread; ND4J, which is loaded first and brings the OpenMP library that both share, can set it.
 */
final class OneThread {
    private static final ThreadLocal<Boolean> SET = new ThreadLocal<>();

    private OneThread() {}

    /** Limits products that this thread starts to itself; cheap when it was said before. */
    static void ofProducts() {
        if (SET.get() == null) {
            Nd4j.getBackend(); // loads the native library, which the next line does not
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
            SET.set(Boolean.TRUE);
        }
    }

    static String oneDnnVersion() {
        dnnl_version_t version = dnnl.dnnl_version();
        return version.major() + "." + version.minor() + "." + version.patch();
    }
}
