package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A device as one thread uses it: its primary context made current, and a stream. */
final class Gpu implements AutoCloseable {
    static final int NOT_READY = 600;

    private static final int NON_BLOCKING = 1;
    private static final NativeLibrary CUDA = NativeLibrary.load(SimulatedLibraries.CUDA);

    private final int device;
    private final long stream;

    private Gpu(int device, long stream) {
        this.device = device;
        this.stream = stream;
    }

    static NativeLibrary library() {
        return CUDA;
    }

    /** On the calling thread; use it, and close it, there. */
    static Gpu open(int device) {
        check(CUDA.call("cuInit", 0));
        long context = handle("cuDevicePrimaryCtxRetain", device);
        check(CUDA.call("cuCtxSetCurrent", context));
        return new Gpu(device, newStream(NON_BLOCKING));
    }

    static long newStream(int flags) {
        return handle("cuStreamCreate", flags);
    }

    /** A call whose first argument is where it puts a handle. */
    static long handle(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            Object[] all = new Object[arguments.length + 1];
            all[0] = out;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            check(CUDA.call(function, all));
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    static void check(int result) {
        assertThat(result).as("CUDA result").isZero();
    }

    long stream() {
        return stream;
    }

    int query() {
        return CUDA.call("cuStreamQuery", stream);
    }

    void synchronize() {
        check(CUDA.call("cuStreamSynchronize", stream));
    }

    /** Device memory; of no bytes, the address 0. */
    long allocate(long bytes) {
        return bytes == 0 ? 0 : handle("cuMemAlloc_v2", bytes);
    }

    long allocate(byte[] content) {
        long address = allocate(content.length);
        write(address, content);
        return address;
    }

    /** On the stream. */
    void write(long address, byte[] content) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
            check(CUDA.call("cuMemcpyHtoDAsync_v2", address, from, (long) content.length, stream));
        }
    }

    /** On the stream, and waits for it. */
    byte[] read(long address, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(Math.max(1, bytes));
            check(CUDA.call("cuMemcpyDtoHAsync_v2", to, address, (long) bytes, stream));
            return to.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @Override
    public void close() {
        CUDA.call("cuStreamDestroy_v2", stream);
        CUDA.call("cuDevicePrimaryCtxRelease_v2", device);
        CUDA.call("cuCtxSetCurrent", 0L);
    }
}
