package org.isofleet.deploy.doctor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A CUDA build of a library: which GPUs its machine code runs on, and which drivers run it. Code for one compute capability runs on
 * those of the same major and an equal or higher minor version; neither build holds PTX from which a driver could make other code
 * (NVIDIA, CUDA C++ Programming Guide, "Binary Compatibility"). The lists are read from the libraries themselves.
 *
 * @param name of the library and its CUDA
 * @param compiled compute capabilities that it has machine code for
 * @param oldestDriver that runs its CUDA (NVIDIA, CUDA Compatibility, "Minor Version Compatibility")
 * @param profile of Maven that brings it
 */
record CudaBuild(String name, List<String> compiled, String oldestDriver, String profile) {
    static final CudaBuild LIBTORCH = new CudaBuild(
            "LibTorch 2.10 for CUDA 13", List.of("7.5", "8.0", "9.0", "10.0", "10.3", "12.0"), "580", "cuda");

    /** The newest that is to be had. */
    static final CudaBuild ND4J = new CudaBuild(
            "ND4J 1.0.0-M2.1 for CUDA 11.6",
            List.of("3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6"),
            "450.80.02",
            "nd4j-cuda");

    CudaBuild {
        compiled = List.copyOf(compiled);
    }

    /** Why it cannot run on a GPU, with the mend; empty when it can. */
    Optional<String> refusal(Gpu gpu) {
        String capability = gpu.capability();
        if (capability == null) {
            return Optional.of("the driver " + gpu.driver() + " does not tell the compute capability: update it");
        }
        if (!runs(capability)) {
            return Optional.of("%s has no code for compute capability %s: only for %s"
                    .formatted(name, capability, String.join(", ", compiled)));
        }
        if (compare(gpu.driver(), oldestDriver) < 0) {
            return Optional.of("the driver %s is too old for %s: update it to %s or newer"
                    .formatted(gpu.driver(), name, oldestDriver));
        }
        return Optional.empty();
    }

    private boolean runs(String capability) {
        int[] wanted = numbers(capability);
        return compiled.stream().map(CudaBuild::numbers).anyMatch(code -> code[0] == wanted[0] && code[1] <= wanted[1]);
    }

    private static int compare(String version, String other) {
        int[] a = numbers(version);
        int[] b = numbers(other);
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int difference = Integer.compare(i < a.length ? a[i] : 0, i < b.length ? b[i] : 0);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int[] numbers(String version) {
        return Stream.of(version.split("\\."))
                .map(part -> part.replaceAll("\\D", ""))
                .mapToInt(part -> part.isEmpty() ? 0 : Integer.parseInt(part))
                .toArray();
    }
}
