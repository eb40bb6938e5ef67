package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** An ncclComm_t and the calls on it, each giving NCCL's result. */
final class Comm {
    static final int CUDA_ERROR = 1;
    static final int SYSTEM_ERROR = 2;
    static final int INTERNAL_ERROR = 3;
    static final int INVALID_ARGUMENT = 4;
    static final int INVALID_USAGE = 5;
    static final int REMOTE_ERROR = 6;
    static final int IN_PROGRESS = 7;

    static final int UINT32 = 3;
    static final int UINT8 = 1;
    static final int SUM = 0;
    static final int MAX = 2;

    private static final NativeLibrary NCCL = NativeLibrary.load(SimulatedLibraries.NCCL);

    private final MemorySegment slot = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);

    static NativeLibrary library() {
        return NCCL;
    }

    static UniqueId newId() {
        UniqueId id = UniqueId.empty();
        assertThat(NCCL.call("ncclGetUniqueId", id.bytes())).as(lastError()).isZero();
        return id;
    }

    static String lastError() {
        return NCCL.text("ncclGetLastError", 0L);
    }

    /** The 24 bytes that ask for a non-blocking communicator, or a longer form of them. */
    static MemorySegment config(long size, int magic, int blocking) {
        MemorySegment config = Arena.ofAuto().allocate(Math.max(24, size), 8);
        config.set(ValueLayout.JAVA_LONG, 0, size);
        config.set(ValueLayout.JAVA_INT, 8, magic);
        config.set(ValueLayout.JAVA_INT, 12, 21400);
        config.set(ValueLayout.JAVA_INT, 16, blocking);
        return config;
    }

    int init(int world, UniqueId id, int rank, MemorySegment config) {
        return NCCL.call("ncclCommInitRankConfig", slot, world, id, rank, config);
    }

    int initBlocking(int world, UniqueId id, int rank) {
        return NCCL.call("ncclCommInitRank", slot, world, id, rank);
    }

    /** Without blocking; then state() says how it goes. */
    int init(int world, UniqueId id, int rank) {
        return init(world, id, rank, config(24, 0xcafebeef, 0));
    }

    /** Waits for what init began and gives the state then, 7 after the time. */
    int await(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        int state = state();
        while (state == IN_PROGRESS && System.nanoTime() < deadline) {
            LockSupport.parkNanos(100_000);
            state = state();
        }
        return state;
    }

    /** A joined communicator, or a failed test. */
    static Comm joined(int world, UniqueId id, int rank) {
        Comm comm = new Comm();
        assertThat(comm.init(world, id, rank)).as(lastError()).isEqualTo(IN_PROGRESS);
        assertThat(comm.await(Duration.ofSeconds(20))).as(lastError()).isZero();
        return comm;
    }

    int state() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ValueLayout.JAVA_INT);
            int result = NCCL.call("ncclCommGetAsyncError", handle(), state);
            return result != 0 ? result : state.get(ValueLayout.JAVA_INT, 0);
        }
    }

    long handle() {
        return slot.get(ValueLayout.JAVA_LONG, 0);
    }

    /** ncclCommCount, ncclCommUserRank, ncclCommCuDevice: the number, or minus the result. */
    int ask(String function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            int result = NCCL.call(function, handle(), number);
            return result != 0 ? -result : number.get(ValueLayout.JAVA_INT, 0);
        }
    }

    int allReduce(long send, long receive, long count, int type, int op, Gpu gpu) {
        return NCCL.call("ncclAllReduce", send, receive, count, type, op, handle(), gpu.stream());
    }

    int allGather(long send, long receive, long count, int type, Gpu gpu) {
        return NCCL.call("ncclAllGather", send, receive, count, type, handle(), gpu.stream());
    }

    int send(long from, long count, int type, int peer, Gpu gpu) {
        return NCCL.call("ncclSend", from, count, type, peer, handle(), gpu.stream());
    }

    int receive(long to, long count, int type, int peer, Gpu gpu) {
        return NCCL.call("ncclRecv", to, count, type, peer, handle(), gpu.stream());
    }

    /** What a group of calls gives at its end. */
    static int group(Runnable calls) {
        assertThat(NCCL.call("ncclGroupStart")).isZero();
        calls.run();
        return NCCL.call("ncclGroupEnd");
    }

    /** Puts the value on the device, adds it over all ranks, and gives the address where the sum will be. */
    long sumOf(int value, Gpu gpu) {
        long address = gpu.allocate(IntBytes.of(value));
        assertThat(allReduce(address, address, 1, UINT32, SUM, gpu))
                .as(lastError())
                .isIn(0, IN_PROGRESS);
        return address;
    }

    int finish() {
        return NCCL.call("ncclCommFinalize", handle());
    }

    int destroy() {
        return NCCL.call("ncclCommDestroy", handle());
    }

    int abort() {
        return NCCL.call("ncclCommAbort", handle());
    }
}
