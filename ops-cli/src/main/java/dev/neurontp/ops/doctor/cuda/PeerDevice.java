package dev.neurontp.ops.doctor.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/**
 * A GPU with a context, a stream and two buffers on it. Nothing is given back: the process ends after it.
 *
 * @param uuid as nvidia-smi has it, without the {@code GPU-}
 * @param sent the address of what it sends
 * @param received the address of where it receives
 */
record PeerDevice(int device, String uuid, long context, long stream, long sent, long received) {
    private static final int NON_BLOCKING = 1;
    private static final int UUID_BYTES = 16;

    static PeerDevice open(Cuda cuda, int ordinal, long bytes) throws Cuda.FailedException {
        int device = cuda.number("cuDeviceGet", ordinal);
        String uuid = uuid(cuda, device);
        long context = cuda.handle("cuDevicePrimaryCtxRetain", device);
        cuda.call("cuCtxSetCurrent", context);
        return new PeerDevice(
                device,
                uuid,
                context,
                cuda.handle("cuStreamCreate", NON_BLOCKING),
                cuda.handle("cuMemAlloc_v2", bytes),
                cuda.handle("cuMemAlloc_v2", bytes));
    }

    private static String uuid(Cuda cuda, int device) throws Cuda.FailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(UUID_BYTES);
            cuda.call("cuDeviceGetUuid", bytes, device);
            String hex = HexFormat.of().formatHex(bytes.toArray(JAVA_BYTE));
            return String.join(
                    "-",
                    hex.substring(0, 8),
                    hex.substring(8, 12),
                    hex.substring(12, 16),
                    hex.substring(16, 20),
                    hex.substring(20));
        }
    }
}
