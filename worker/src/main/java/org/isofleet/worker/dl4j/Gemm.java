package org.isofleet.worker.dl4j;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products of row-major fp32 matrices by oneDNN, on addresses. One object a thread; three pointer objects are reused, so a
 * call allocates nothing. Strides are the distances between rows as stored, in floats.
 */
final class Gemm {
    private static final byte PLAIN = 'N';
    private static final byte TRANSPOSED = 'T';

    private final Cursor a = new Cursor();
    private final Cursor b = new Cursor();
    private final Cursor c = new Cursor();

    /** {@code C[m][n] = A[m][k] B[k][n] + beta C}. */
    void nn(int m, int n, int k, long aAt, long aStride, long bAt, long bStride, float beta, long cAt, long cStride) {
        run(PLAIN, PLAIN, m, n, k, aAt, aStride, bAt, bStride, beta, cAt, cStride);
    }

    /** {@code C[m][n] = A^T B[k][n] + beta C}, A stored [k][m]. */
    void tn(int m, int n, int k, long aAt, long aStride, long bAt, long bStride, float beta, long cAt, long cStride) {
        run(TRANSPOSED, PLAIN, m, n, k, aAt, aStride, bAt, bStride, beta, cAt, cStride);
    }

    /** {@code C[m][n] = A[m][k] B^T + beta C}, B stored [n][k]. */
    void nt(int m, int n, int k, long aAt, long aStride, long bAt, long bStride, float beta, long cAt, long cStride) {
        run(PLAIN, TRANSPOSED, m, n, k, aAt, aStride, bAt, bStride, beta, cAt, cStride);
    }

    private void run(
            byte transA,
            byte transB,
            int m,
            int n,
            int k,
            long aAt,
            long aStride,
            long bAt,
            long bStride,
            float beta,
            long cAt,
            long cStride) {
        int status = dnnl.dnnl_sgemm(
                transA, transB, m, n, k, 1f, a.at(aAt), aStride, b.at(bAt), bStride, beta, c.at(cAt), cStride);
        if (status != 0) {
            throw new IllegalStateException("dnnl_sgemm refused " + m + " x " + n + " x " + k + ": " + status);
        }
    }

    private static final class Cursor extends FloatPointer {
        Cursor() {
            super((@Nullable Pointer) null);
        }

        Cursor at(long address) {
            this.address = address;
            return this;
        }
    }
}
