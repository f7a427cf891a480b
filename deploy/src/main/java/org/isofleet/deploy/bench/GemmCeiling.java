package org.isofleet.deploy.bench;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;

import java.util.concurrent.CountDownLatch;
import org.bytedeco.javacpp.FloatPointer;

/** The fastest fp32 matrix product to be had here: oneDNN at n = 512, one product a thread. */
final class GemmCeiling {
    private static final int N = 512;
    private static final int PRODUCTS = 60;

    private GemmCeiling() {}

    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[0]);
        StepOrders.serve("oneDNN sgemm", () -> round(threads));
    }

    /** FLOPs of one step of this process. */
    static double flops(int threads) {
        return 2.0 * N * N * N * PRODUCTS * threads;
    }

    private static void round(int threads) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            new Thread(() -> {
                        multiply();
                        done.countDown();
                    })
                    .start();
        }
        done.await();
    }

    private static void multiply() {
        try (FloatPointer a = new FloatPointer((long) N * N);
                FloatPointer b = new FloatPointer((long) N * N);
                FloatPointer c = new FloatPointer((long) N * N)) {
            a.zero();
            b.zero();
            for (int i = 0; i < PRODUCTS; i++) {
                int status = dnnl_sgemm((byte) 'N', (byte) 'N', N, N, N, 1f, a, N, b, N, 0f, c, N);
                if (status != 0) {
                    throw new IllegalStateException("dnnl_sgemm answered " + status);
                }
            }
        }
    }
}
