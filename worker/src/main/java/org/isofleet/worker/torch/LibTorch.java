package org.isofleet.worker.torch;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * The library's settings, which belong to the process. Products and loops keep to the calling thread, for a worker's threads take
 * different shards and two workers of a machine must not fight for its cores.
 *
 * <p>The precision of products is a setting too, so engines of two precisions are never open at the same time. LibTorch gives a product to
 * oneDNN, which is twice as fast as OpenBLAS, only when it may round the operands to bf16; and oneDNN rounds only where the processor has
 * AMX. So rounding is allowed wherever it is found not to happen, and products are then exact in single precision by oneDNN; elsewhere they
 * are by OpenBLAS, unless bf16 was asked for. Which of them it is belongs to the kernel class.
 */
final class LibTorch {
    private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([0-9.]+)");

    private static final String EXACT = "highest";
    private static final String FAST = "medium";

    /** Side of a product that is probed; up to 16 the library has a path of its own. */
    private static final int PROBED = 64;

    private static final ThreadLocal<Boolean> THREADS = new ThreadLocal<>();

    private static boolean prepared;
    private static boolean rounding;
    private static Precision precision = Precision.FP32;
    private static int open;

    private LibTorch() {}

    /**
     * Loads the library.
     *
     * @throws InvalidSpecException when it does not run on this machine, in one line with the mend
     */
    static synchronized void load() {
        if (prepared) {
            return;
        }
        try {
            Loader.load(torch.class);
        } catch (LinkageError e) {
            throw new InvalidSpecException(
                    "engine torch does not run on this machine (%s): set engine = dl4j in the study file"
                            .formatted(String.valueOf(e.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("")));
        }
        openblas.blas_set_num_threads(1);
        torch.set_num_threads(1);
        Context context = torch.globalContext();
        context.setDeterministicAlgorithms(true, false);
        // Deterministic mode would else write over whatever is allocated before it is used.
        context.setDeterministicFillUninitializedMemory(false);
        rounding = rounds();
        prepared = true;
    }

    /**
     * Sets the precision of products for an engine that opens; to be followed by {@link #close}.
     *
     * @throws InvalidSpecException when this processor has no such products
     */
    static synchronized void open(Precision wanted) {
        load();
        if (open > 0 && precision != wanted) {
            throw new IllegalStateException(
                    "an engine is open whose products are in %s, so none can be in %s".formatted(precision, wanted));
        }
        require(
                wanted == Precision.FP32 || rounding,
                "engine torch has no products in bf16 on this processor: LibTorch has them where there is AMX; set precision ="
                        + " fp32 in the study file");
        torch.globalContext().setFloat32MatmulPrecision(wanted == Precision.FP32 && rounding ? EXACT : FAST);
        precision = wanted;
        open++;
    }

    /** Whether products round their operands when they may: the library tells nobody where it does not. */
    private static boolean rounds() {
        torch.globalContext().setFloat32MatmulPrecision(FAST);
        float[] values = new float[PROBED * PROBED];
        Arrays.fill(values, 1 + 0x1p-12f);
        try (PointerScope scope = new PointerScope()) {
            Tensor square = Tensor.create(values, PROBED, PROBED);
            return square.mm(square).data_ptr_float().get() == PROBED;
        }
    }

    /** Keeps operators that this thread calls to itself; cheap when it was said before. */
    static void prepareThread() {
        if (THREADS.get() == null) {
            torch.set_num_threads(1);
            THREADS.set(Boolean.TRUE);
        }
    }

    /** Whose single-precision products are used. */
    static synchronized String products() {
        return rounding && precision == Precision.FP32 ? "openblas" : "onednn";
    }

    static synchronized void close() {
        open--;
    }

    static String version() {
        Matcher found = VERSION.matcher(torch.show_config().getString());
        return found.find() ? found.group(1) : "unknown";
    }
}
