package org.isofleet.worker.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Makes flat vectors out of ND4J arrays, outside of any ND4J workspace, and frees them all at once. */
final class Arena implements AutoCloseable {
    /** A cache line: where every vector begins, so that kernels take the same path wherever the memory came from. */
    private static final int ALIGNMENT_BYTES = 64;

    private final List<INDArray> arrays = new ArrayList<>();
    private long bytes;

    /** Floats of any content. */
    FlatVector floats(long length) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray array = Nd4j.createUninitialized(DataType.FLOAT, length + ALIGNMENT_BYTES / Float.BYTES);
            arrays.add(array);
            bytes += length * Float.BYTES;
            long address = array.data().pointer().address();
            long aligned = (address + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
            return new FlatVector(new Address(aligned, array), length);
        }
    }

    /** A flat view of a contiguous array that is kept by somebody else. */
    static FlatVector view(INDArray array) {
        long address = array.data().pointer().address() + array.offset() * Float.BYTES;
        return new FlatVector(new Address(address, array), array.length());
    }

    /** Bytes handed out. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        for (INDArray array : arrays) {
            array.close();
        }
        arrays.clear();
        bytes = 0;
    }

    /** A pointer to memory that an ND4J array owns; keeps the array reachable. */
    private static final class Address extends FloatPointer {
        @SuppressWarnings({"unused", "FieldCanBeLocal"})
        private final INDArray owner;

        Address(long address, INDArray owner) {
            super((@Nullable Pointer) null);
            this.address = address;
            this.owner = owner;
        }
    }
}
