package org.isofleet.worker.dl4j;

/**
 * The elementwise loops. Every array is indexed by the loop variable itself and every loop stands alone in its method: so HotSpot
 * vectorizes them, which it does not with offsets, buffers or several results of a shared subexpression. Results are the same
 * bits interpreted and compiled, since Java's float arithmetic is strict.
 */
final class Loops {
    /** {@code sqrt(2 / pi)} doubled, of the tanh form of GELU: {@code gelu(v) = v sigmoid(2 sqrt(2/pi) (v + 0.044715 v^3))}. */
    private static final float GELU_LINEAR = (float) 1.5957691216057308;

    private static final float GELU_CUBIC = (float) (1.5957691216057308 * 0.044715);

    private Loops() {}

    /**
     * e to the x, for x from -120 (gives 0) to 40, within about 1e-6 relative where the result is above 1e-4 and within 1e-7 absolute
     * below. {@code y = x / 128}; a polynomial for {@code e^y - 1} (interpolated at the seven Chebyshev nodes of
     * [-120/128, 40/128], relative error 2.1e-8); four doublings that keep {@code e^(2y) - 1 = q (q + 2)} precise near zero; three
     * squarings. No bit tricks, for those do not vectorize.
     */
    static float exp(float x) {
        float y = x * 0.0078125f;
        float p = Math.fma(y, 1.5246427e-4f, 1.3621199e-3f);
        p = Math.fma(p, y, 8.3337845e-3f);
        p = Math.fma(p, y, 4.167064e-2f);
        p = Math.fma(p, y, 0.16666706f);
        p = Math.fma(p, y, 0.49999988f);
        p = Math.fma(p, y, 1.0f);
        float q = p * y;
        q = Math.fma(q, q, q + q);
        q = Math.fma(q, q, q + q);
        q = Math.fma(q, q, q + q);
        q = Math.fma(q, q, q + q);
        float r = q + 1f;
        r = r * r;
        r = r * r;
        return r * r;
    }

    /** {@code a = e^(a - m)}. */
    static void expMinus(float[] a, float[] m, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = exp(Math.max(a[i] - m[i], -120f));
        }
    }

    /** {@code s += a}. */
    static void add(float[] s, float[] a, int n) {
        for (int i = 0; i < n; i++) {
            s[i] += a[i];
        }
    }

    /** {@code s += a x}. */
    static void addScaled(float[] s, float[] a, float x, int n) {
        for (int i = 0; i < n; i++) {
            s[i] += a[i] * x;
        }
    }

    /** {@code s = max(s, a)}. */
    static void max(float[] s, float[] a, int n) {
        for (int i = 0; i < n; i++) {
            s[i] = Math.max(s[i], a[i]);
        }
    }

    /** {@code s += a b}. */
    static void addProduct(float[] s, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            s[i] += a[i] * b[i];
        }
    }

    /** The sum of {@code a b}, in four interleaved partial sums. */
    static float dot(float[] a, float[] b, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int whole = n & ~3;
        for (int i = 0; i < whole; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (int i = whole; i < n; i++) {
            s0 += a[i] * b[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** {@code a *= b}. */
    static void multiply(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] *= b[i];
        }
    }

    /** {@code c = a b}. */
    static void product(float[] c, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            c[i] = a[i] * b[i];
        }
    }

    /** {@code a *= s}. */
    static void scale(float[] a, float s, int n) {
        for (int i = 0; i < n; i++) {
            a[i] *= s;
        }
    }

    /** {@code a = 1 / sqrt(a s + epsilon)}. */
    static void inverseRoot(float[] a, float s, float epsilon, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = 1f / (float) Math.sqrt(a[i] * s + epsilon);
        }
    }

    /** {@code a = 1 / a}. */
    static void inverse(float[] a, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = 1f / a[i];
        }
    }

    /** {@code x += r (g - h m)}: the gradient of a norm added to that of its input. */
    static void addNormGradient(float[] x, float[] g, float[] h, float[] r, float[] m, int n) {
        for (int i = 0; i < n; i++) {
            x[i] += r[i] * (g[i] - h[i] * m[i]);
        }
    }

    /** {@code d = p (d - e)}: the gradient of a softmax. */
    static void softmaxGradient(float[] d, float[] p, float[] e, int n) {
        for (int i = 0; i < n; i++) {
            d[i] = p[i] * (d[i] - e[i]);
        }
    }

    /** {@code s = a c - b d}. */
    static void rotateFirst(float[] s, float[] a, float[] b, float[] c, float[] d, int n) {
        for (int i = 0; i < n; i++) {
            s[i] = a[i] * c[i] - b[i] * d[i];
        }
    }

    /** {@code s = a d + b c}. */
    static void rotateSecond(float[] s, float[] a, float[] b, float[] c, float[] d, int n) {
        for (int i = 0; i < n; i++) {
            s[i] = a[i] * d[i] + b[i] * c[i];
        }
    }

    /** {@code s = e^-z}, clamped to where float holds, z the argument of GELU's sigmoid. */
    static void geluExponential(float[] s, float[] gate, int n) {
        for (int i = 0; i < n; i++) {
            float v = gate[i];
            float z = v * Math.fma(v * v, GELU_CUBIC, GELU_LINEAR);
            s[i] = exp(Math.min(Math.max(-z, -120f), 40f));
        }
    }

    /** {@code s = 1 / (1 + s)}. */
    static void sigmoidOfExponential(float[] s, int n) {
        for (int i = 0; i < n; i++) {
            s[i] = 1f / (1f + s[i]);
        }
    }

    /** {@code o = g s v}: gelu of the gate times the value, s its sigmoid. */
    static void geglu(float[] o, float[] g, float[] s, float[] v, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = g[i] * s[i] * v[i];
        }
    }

    /** {@code v = d v gelu'(g)}: the gradient of the gate, in place of the value. */
    static void gateGradient(float[] v, float[] d, float[] g, float[] s, int n) {
        for (int i = 0; i < n; i++) {
            float slope = Math.fma(g[i] * g[i], 3f * GELU_CUBIC, GELU_LINEAR);
            v[i] = d[i] * v[i] * (s[i] + g[i] * s[i] * (1f - s[i]) * slope);
        }
    }
}
