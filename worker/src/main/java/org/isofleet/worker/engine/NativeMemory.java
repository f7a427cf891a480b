package org.isofleet.worker.engine;

/** How much memory outside the heap this process may take. */
public final class NativeMemory {
    private NativeMemory() {}

    /**
     * Bounds the process by what a run may use and its heap. JavaCPP would else bound what it hands out by the size of the heap, in which
     * no parameters lie. It reads its settings once: to be called before the first vector.
     *
     * @param bytes that runs may use
     */
    public static void limit(long bytes) {
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0"); // no bound
        System.setProperty(
                "org.bytedeco.javacpp.maxphysicalbytes",
                Long.toString(Math.addExact(bytes, Runtime.getRuntime().maxMemory())));
    }
}
