package org.isofleet.worker.engine;

import org.isofleet.protocol.study.ModelShape;
import org.jspecify.annotations.Nullable;

/**
 * The pixel model in double precision, written from its formulas with plain loops over [token][feature]: what the kernels must
 * agree with. Its own gradients are checked against finite differences.
 */
public final class ReferenceModel {
    private static final double GELU = Math.sqrt(2 / Math.PI);

    public final ModelShape shape;
    final ParameterLayout layout;
    final double[] p;
    private final int tokens;
    private final int width;

    public ReferenceModel(ModelShape shape, double[] parameters) {
        this.shape = shape;
        this.layout = ParameterLayout.of(shape);
        this.p = parameters;
        this.tokens = shape.tokens();
        this.width = shape.width();
    }

    int at(String tensor) {
        return (int) layout.tensor(tensor).offset();
    }

    /** Loss of an image [channel][token], in nats. */
    public double loss(int[][] image) {
        double[][] x = embed(image);
        for (int b = 0; b < shape.layers(); b++) {
            x = block(b, x);
        }
        return head(x, image, null, null);
    }

    /** Loss; adds the gradient. */
    public double gradient(int[][] image, double[] gradient) {
        double[][][] x = new double[shape.layers() + 1][][];
        x[0] = embed(image);
        for (int b = 0; b < shape.layers(); b++) {
            x[b + 1] = block(b, x[b]);
        }
        double[][] dx = new double[tokens][width];
        double loss = head(x[shape.layers()], image, gradient, dx);
        for (int b = shape.layers() - 1; b >= 0; b--) {
            dx = blockGradient(b, x[b], dx, gradient);
        }
        embedGradient(image, dx, gradient);
        return loss;
    }

    double[][] embed(int[][] image) {
        double[][] x = new double[tokens][width];
        for (int t = 0; t < tokens; t++) {
            for (int j = 0; j < width; j++) {
                if (t == 0) {
                    x[t][j] = p[at("start") + j];
                } else {
                    for (int c = 0; c < shape.channels(); c++) {
                        x[t][j] += p[at("embedding." + c) + image[c][t - 1] * width + j];
                    }
                }
            }
        }
        return x;
    }

    void embedGradient(int[][] image, double[][] dx, double[] gradient) {
        for (int t = 0; t < tokens; t++) {
            for (int j = 0; j < width; j++) {
                if (t == 0) {
                    gradient[at("start") + j] += dx[t][j];
                } else {
                    for (int c = 0; c < shape.channels(); c++) {
                        gradient[at("embedding." + c) + image[c][t - 1] * width + j] += dx[t][j];
                    }
                }
            }
        }
    }

    double[][] block(int b, double[][] x) {
        return new Block(b, x).out;
    }

    double[][] blockGradient(int b, double[][] x, double[][] dOut, double[] gradient) {
        return new Block(b, x).backward(dOut, gradient);
    }

    /** Loss of the head; with a gradient, adds it and that of x. */
    double head(double[][] x, int[][] image, double @Nullable [] gradient, double @Nullable [][] dx) {
        double loss = 0;
        double[][] h = norm(x, at("head.gain"));
        double[][] dh = new double[tokens][width];
        for (int t = 0; t < tokens; t++) {
            for (int c = 0; c < shape.channels(); c++) {
                double[] u = headInput(h[t], image, c, t);
                double[] logits = times("head." + c, shape.levels(), u);
                double sum = 0;
                for (double logit : logits) {
                    sum += Math.exp(logit);
                }
                loss += Math.log(sum) - logits[image[c][t]];
                if (gradient != null) {
                    double[] d = new double[logits.length];
                    for (int v = 0; v < d.length; v++) {
                        d[v] = Math.exp(logits[v]) / sum - (v == image[c][t] ? 1 : 0);
                    }
                    double[] du = new double[width];
                    timesGradient("head." + c, u, d, du, gradient);
                    for (int j = 0; j < width; j++) {
                        dh[t][j] += du[j];
                        for (int before = 0; before < c; before++) {
                            gradient[at("head.table." + before) + image[before][t] * width + j] += du[j];
                        }
                    }
                }
            }
        }
        if (gradient != null && dx != null) {
            normGradient(x, at("head.gain"), dh, dx, gradient);
        }
        return loss;
    }

    /** Logits of all channels, [channel][token][level]. */
    public double[][][] logits(int[][] image) {
        double[][] x = embed(image);
        for (int b = 0; b < shape.layers(); b++) {
            x = block(b, x);
        }
        double[][] h = norm(x, at("head.gain"));
        double[][][] logits = new double[shape.channels()][tokens][];
        for (int c = 0; c < shape.channels(); c++) {
            for (int t = 0; t < tokens; t++) {
                logits[c][t] = times("head." + c, shape.levels(), headInput(h[t], image, c, t));
            }
        }
        return logits;
    }

    private double[] headInput(double[] h, int[][] image, int channel, int t) {
        double[] u = h.clone();
        for (int before = 0; before < channel; before++) {
            for (int j = 0; j < width; j++) {
                u[j] += p[at("head.table." + before) + image[before][t] * width + j];
            }
        }
        return u;
    }

    private double[] times(String weight, int rows, double[] x) {
        double[] y = new double[rows];
        int at = at(weight);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += p[at + i * x.length + j] * x[j];
            }
        }
        return y;
    }

    private void timesGradient(String weight, double[] x, double[] dy, double[] dx, double[] gradient) {
        int at = at(weight);
        for (int i = 0; i < dy.length; i++) {
            for (int j = 0; j < x.length; j++) {
                dx[j] += p[at + i * x.length + j] * dy[i];
                gradient[at + i * x.length + j] += dy[i] * x[j];
            }
        }
    }

    private double rootMeanSquare(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v * v;
        }
        return Math.sqrt(sum / x.length + PixelEngine.NORM_EPSILON);
    }

    private double[][] norm(double[][] x, int gain) {
        double[][] y = new double[tokens][width];
        for (int t = 0; t < tokens; t++) {
            double rms = rootMeanSquare(x[t]);
            for (int j = 0; j < width; j++) {
                y[t][j] = x[t][j] / rms * p[gain + j];
            }
        }
        return y;
    }

    private void normGradient(double[][] x, int gain, double[][] dy, double[][] dx, double[] gradient) {
        for (int t = 0; t < tokens; t++) {
            double rms = rootMeanSquare(x[t]);
            double dot = 0;
            for (int j = 0; j < width; j++) {
                gradient[gain + j] += dy[t][j] * x[t][j] / rms;
                dot += dy[t][j] * p[gain + j] * x[t][j];
            }
            for (int j = 0; j < width; j++) {
                dx[t][j] += dy[t][j] * p[gain + j] / rms - x[t][j] * dot / (width * rms * rms * rms);
            }
        }
    }

    static double gelu(double v) {
        return 0.5 * v * (1 + Math.tanh(GELU * (v + 0.044715 * v * v * v)));
    }

    private static double geluSlope(double v) {
        double tanh = Math.tanh(GELU * (v + 0.044715 * v * v * v));
        return 0.5 * (1 + tanh) + 0.5 * v * (1 - tanh * tanh) * GELU * (1 + 3 * 0.044715 * v * v);
    }

    /** One block, with all that its gradient needs. */
    private final class Block {
        private final String name;
        private final double[][] x;
        private final double[][] normed;
        private final double[][] qkv = new double[tokens][];
        private final double[][][] probabilities = new double[shape.heads()][tokens][];
        private final double[][] attended = new double[tokens][width];
        private final double[][] middle = new double[tokens][];
        private final double[][] gegluNormed;
        private final double[][] gates = new double[tokens][];
        private final double[][] gated = new double[tokens][shape.hidden()];
        final double[][] out = new double[tokens][];

        Block(int b, double[][] x) {
            this.name = "blocks." + b + ".";
            this.x = x;
            this.normed = norm(x, at(name + "attention.gain"));
            for (int t = 0; t < tokens; t++) {
                qkv[t] = times(name + "attention.qkv", 3 * width, normed[t]);
                turn(qkv[t], t, 1);
            }
            attend();
            for (int t = 0; t < tokens; t++) {
                middle[t] = plus(x[t], times(name + "attention.out", width, attended[t]));
            }
            this.gegluNormed = norm(middle, at(name + "geglu.gain"));
            for (int t = 0; t < tokens; t++) {
                gates[t] = times(name + "geglu.in", 2 * shape.hidden(), gegluNormed[t]);
                for (int i = 0; i < shape.hidden(); i++) {
                    gated[t][i] = gelu(gates[t][i]) * gates[t][shape.hidden() + i];
                }
                out[t] = plus(middle[t], times(name + "geglu.out", width, gated[t]));
            }
        }

        /** Turns queries and keys by the token's angles; back with sign -1. */
        private void turn(double[] v, int t, int sign) {
            int half = shape.headWidth() / 2;
            for (int start = 0; start < 2 * width; start += shape.headWidth()) {
                for (int i = 0; i < half; i++) {
                    double angle = sign * RotaryAngles.of(shape, i, t);
                    double a = v[start + i];
                    double b = v[start + half + i];
                    v[start + i] = a * Math.cos(angle) - b * Math.sin(angle);
                    v[start + half + i] = a * Math.sin(angle) + b * Math.cos(angle);
                }
            }
        }

        private void attend() {
            int n = shape.headWidth();
            for (int head = 0; head < shape.heads(); head++) {
                int at = head * n;
                for (int t = 0; t < tokens; t++) {
                    double[] e = new double[t + 1];
                    double sum = 0;
                    for (int s = 0; s <= t; s++) {
                        double score = 0;
                        for (int i = 0; i < n; i++) {
                            score += qkv[t][at + i] * qkv[s][width + at + i];
                        }
                        e[s] = Math.exp(score / Math.sqrt(n));
                        sum += e[s];
                    }
                    for (int s = 0; s <= t; s++) {
                        e[s] /= sum;
                        for (int i = 0; i < n; i++) {
                            attended[t][at + i] += e[s] * qkv[s][2 * width + at + i];
                        }
                    }
                    probabilities[head][t] = e;
                }
            }
        }

        private double[][] attendGradient(double[][] d) {
            int n = shape.headWidth();
            double[][] dQkv = new double[tokens][3 * width];
            for (int head = 0; head < shape.heads(); head++) {
                int at = head * n;
                for (int t = 0; t < tokens; t++) {
                    double[] e = probabilities[head][t];
                    double[] dp = new double[t + 1];
                    double dot = 0;
                    for (int s = 0; s <= t; s++) {
                        for (int i = 0; i < n; i++) {
                            dp[s] += d[t][at + i] * qkv[s][2 * width + at + i];
                            dQkv[s][2 * width + at + i] += e[s] * d[t][at + i];
                        }
                        dot += e[s] * dp[s];
                    }
                    for (int s = 0; s <= t; s++) {
                        double score = e[s] * (dp[s] - dot) / Math.sqrt(n);
                        for (int i = 0; i < n; i++) {
                            dQkv[t][at + i] += score * qkv[s][width + at + i];
                            dQkv[s][width + at + i] += score * qkv[t][at + i];
                        }
                    }
                }
            }
            return dQkv;
        }

        double[][] backward(double[][] dOut, double[] gradient) {
            int hidden = shape.hidden();
            double[][] dMiddle = new double[tokens][];
            double[][] dNormed = new double[tokens][width];
            for (int t = 0; t < tokens; t++) {
                dMiddle[t] = dOut[t].clone();
                double[] dGated = new double[hidden];
                timesGradient(name + "geglu.out", gated[t], dOut[t], dGated, gradient);
                double[] dGates = new double[2 * hidden];
                for (int i = 0; i < hidden; i++) {
                    dGates[i] = dGated[i] * gates[t][hidden + i] * geluSlope(gates[t][i]);
                    dGates[hidden + i] = dGated[i] * gelu(gates[t][i]);
                }
                timesGradient(name + "geglu.in", gegluNormed[t], dGates, dNormed[t], gradient);
            }
            normGradient(middle, at(name + "geglu.gain"), dNormed, dMiddle, gradient);
            double[][] dAttended = new double[tokens][width];
            for (int t = 0; t < tokens; t++) {
                timesGradient(name + "attention.out", attended[t], dMiddle[t], dAttended[t], gradient);
            }
            double[][] dQkv = attendGradient(dAttended);
            double[][] dIn = new double[tokens][width];
            for (int t = 0; t < tokens; t++) {
                turn(dQkv[t], t, -1);
                timesGradient(name + "attention.qkv", normed[t], dQkv[t], dIn[t], gradient);
            }
            normGradient(x, at(name + "attention.gain"), dIn, dMiddle, gradient);
            return dMiddle;
        }

        private double[] plus(double[] a, double[] b) {
            double[] sum = a.clone();
            for (int j = 0; j < sum.length; j++) {
                sum[j] += b[j];
            }
            return sum;
        }
    }
}
