package dev.neurontp.worker.comm.nccl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.worker.library.Native;
import dev.neurontp.worker.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * NCCL's functions, one method each. Methods return NCCL's result as it is. A communicator is a {@code ncclComm_t}; all of
 * its calls come from its rank's one thread, {@link #commAbort} alone may come from another.
 */
final class Nccl {
    /** 2.14 brought non-blocking communicators. */
    static final int OLDEST = 21_400;

    private static final int UINT32 = 3;
    private static final int SUM = 0;
    /** struct { size_t size; unsigned magic; unsigned version; int blocking; } as of 2.14, padded to 24 bytes. */
    private static final long CONFIG_BYTES = 24;

    private static final int CONFIG_MAGIC = 0xcafebeef;

    private static final StructLayout UNIQUE_ID =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(UniqueId.BYTES, JAVA_BYTE));

    private final SharedLibrary library;
    private final int version;
    private final MethodHandle getUniqueId;
    private final MethodHandle commInitRankConfig;
    private final MethodHandle commGetAsyncError;
    private final MethodHandle commFinalize;
    private final MethodHandle commDestroy;
    private final MethodHandle commAbort;
    private final MethodHandle allReduce;
    private final MethodHandle getErrorString;
    private final MethodHandle getLastError;

    /**
     * Binds the functions of an opened library.
     *
     * @throws NcclException when it is no NCCL, or one before 2.14
     */
    Nccl(SharedLibrary library) throws NcclException {
        this.library = library;
        version = version(bind("ncclGetVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS)));
        if (version < OLDEST) {
            throw new NcclException(library.name() + " is " + label() + ": 2.14 or later is needed, because"
                    + " an init of earlier ones cannot be given a deadline");
        }
        getUniqueId = bind("ncclGetUniqueId", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        commInitRankConfig = bind(
                "ncclCommInitRankConfig",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, UNIQUE_ID, JAVA_INT, ADDRESS));
        commGetAsyncError = bind("ncclCommGetAsyncError", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        commFinalize = bind("ncclCommFinalize", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        commDestroy = bind("ncclCommDestroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        commAbort = bind("ncclCommAbort", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        allReduce = bind(
                "ncclAllReduce",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
        getErrorString = bind("ncclGetErrorString", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        getLastError = bind("ncclGetLastError", FunctionDescriptor.of(ADDRESS, ADDRESS));
    }

    private MethodHandle bind(String symbol, FunctionDescriptor type) throws NcclException {
        return library.function(symbol, type)
                .orElseThrow(() -> new NcclException(library.name() + " has no " + symbol
                        + ": it is no NCCL, or one before 2.14, which is the oldest that will do"));
    }

    private static int version(MethodHandle getVersion) throws NcclException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            int result = Native.call(() -> (int) getVersion.invokeExact(out));
            if (!NcclResult.SUCCESS.is(result)) {
                throw new NcclException("ncclGetVersion failed: " + NcclResult.label(result));
            }
            return out.get(JAVA_INT, 0);
        }
    }

    /** Such as {@code NCCL 2.29.7}; a stand-in says what it is. */
    String label() {
        return "NCCL " + versionText();
    }

    /** Such as 2.29.7; a stand-in says what it is. */
    String versionText() {
        return plainVersion() + library.simulationMark();
    }

    /** As {@code ncclGetVersion} has it, such as 22907. */
    int version() {
        return version;
    }

    /** Such as 2.29.7. */
    String plainVersion() {
        int major = version < 10_000 ? version / 1000 : version / 10_000;
        int minor = version < 10_000 ? version % 1000 / 100 : version % 10_000 / 100;
        return major + "." + minor + "." + version % 100;
    }

    SharedLibrary library() {
        return library;
    }

    /** Creates an id and starts the thread in this process that serves its rendezvous. Works without a GPU. */
    UniqueId newUniqueId() throws NcclException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(UNIQUE_ID);
            int result = Native.call(() -> (int) getUniqueId.invokeExact(id));
            if (!NcclResult.SUCCESS.is(result)) {
                throw failure("ncclGetUniqueId", result);
            }
            return new UniqueId(id.toArray(JAVA_BYTE));
        }
    }

    /**
     * Begins to join, without blocking.
     *
     * @param comm where the communicator is put; must hold null before, since an early failure does not write it
     */
    int commInitRank(MemorySegment comm, int worldSize, UniqueId id, int rank) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment idByValue = arena.allocate(UNIQUE_ID);
            MemorySegment.copy(id.bytes(), 0, idByValue, JAVA_BYTE, 0, UniqueId.BYTES);
            MemorySegment config = arena.allocate(CONFIG_BYTES, Long.BYTES);
            config.set(JAVA_LONG, 0, CONFIG_BYTES);
            config.set(JAVA_INT, 8, CONFIG_MAGIC);
            config.set(JAVA_INT, 12, OLDEST);
            config.set(JAVA_INT, 16, 0); // blocking: no
            return Native.call(() -> (int) commInitRankConfig.invokeExact(comm, worldSize, idByValue, rank, config));
        }
    }

    /** The state of the communicator's own threads: a result, {@code ncclInProgress} as long as they work. */
    int commState(MemorySegment comm) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(JAVA_INT);
            int result = Native.call(() -> (int) commGetAsyncError.invokeExact(comm, state));
            return NcclResult.SUCCESS.is(result) ? state.get(JAVA_INT, 0) : result;
        }
    }

    /** Adds {@code count} unsigned 32-bit integers over all ranks, on a stream. Pointers are the device's. */
    int allReduceSum(long send, long receive, long count, MemorySegment comm, long stream) {
        return Native.call(() -> (int) allReduce.invokeExact(send, receive, count, UINT32, SUM, comm, stream));
    }

    int commFinalize(MemorySegment comm) {
        return Native.call(() -> (int) commFinalize.invokeExact(comm));
    }

    /** Frees the communicator. May hang on a dead peer. */
    int commDestroy(MemorySegment comm) {
        return Native.call(() -> (int) commDestroy.invokeExact(comm));
    }

    /** Ends what the communicator does and frees it. May hang. */
    int commAbort(MemorySegment comm) {
        return Native.call(() -> (int) commAbort.invokeExact(comm));
    }

    /** NCCL's message: the result's name, its explanation and the last error's text. */
    NcclException failure(String call, int result) {
        StringBuilder words = new StringBuilder(call + " failed: " + NcclResult.label(result));
        append(words, " (", Native.text(Native.call(() -> (MemorySegment) getErrorString.invokeExact(result))), ")");
        append(words, "; NCCL's last error: ", lastError(), "");
        return new NcclException(words.toString());
    }

    /** NCCL makes no use of the communicator that it asks for here, and one that another thread aborts may be gone. */
    private String lastError() {
        return Native.text(Native.call(() -> (MemorySegment) getLastError.invokeExact(MemorySegment.NULL)))
                .strip();
    }

    private static void append(StringBuilder words, String before, String text, String after) {
        if (!text.isEmpty()) {
            words.append(before).append(text).append(after);
        }
    }
}
