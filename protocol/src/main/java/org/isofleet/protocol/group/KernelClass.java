package org.isofleet.protocol.group;

/**
 * What the bits of a gradient depend on beside spec and data. Groups are formed within one class.
 *
 * @param engine name and version of the engine and its kernels
 * @param device architecture of the processor or GPU
 * @param precision of the products
 */
public record KernelClass(String engine, String device, String precision) {
    @Override
    public String toString() {
        return engine + "/" + device + "/" + precision;
    }
}
