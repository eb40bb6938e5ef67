package dev.neurontp.worker.comm.nccl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.worker.collective.Collective;
import dev.neurontp.worker.library.Native;
import dev.neurontp.worker.library.SharedLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * NCCL's collectives, with any type and operation; each is looked up when it is wanted, so that a library without one has all
 * the others. Buffers are addresses of the device, results NCCL's own.
 */
final class NcclCollectives {
    private static final FunctionDescriptor REDUCING =
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor REDUCING_TO_ROOT = FunctionDescriptor.of(
            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor GATHERING =
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor POINT_TO_POINT =
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor GROUP = FunctionDescriptor.of(JAVA_INT);

    private final SharedLibrary library;
    private final String label;

    NcclCollectives(Nccl nccl) {
        this.library = nccl.library();
        this.label = nccl.label();
    }

    /** Some sends and receives, between the calls that make one group of them. */
    @FunctionalInterface
    interface Group {
        /** The first result that is no success. */
        int enqueue(PointToPoint calls);
    }

    /** The function of NCCL that a collective begins with. */
    static String function(Collective collective) {
        return switch (collective) {
            case ALL_REDUCE -> "ncclAllReduce";
            case ALL_GATHER -> "ncclAllGather";
            case REDUCE_SCATTER -> "ncclReduceScatter";
            case BROADCAST -> "ncclBroadcast";
            case REDUCE -> "ncclReduce";
            default -> "ncclSend";
        };
    }

    /** Refuses what the library has no function for, before memory is taken. */
    void require(Collective collective) throws NcclException {
        String name = function(collective);
        if (library.function(name, GROUP).isEmpty()) {
            throw new NcclException.Unsupported(label + " (" + library.name() + ") has no " + name);
        }
    }

    /** For {@code ncclAllReduce} and {@code ncclReduceScatter}. */
    Call reducing(String name, Buffers at, int type, int op) throws NcclException {
        MethodHandle function = bind(name, REDUCING);
        return (comm, stream) ->
                Native.call(() -> (int) function.invokeExact(at.send, at.receive, at.count, type, op, comm, stream));
    }

    Call reducing(String name, Buffers at, int type, int op, int root) throws NcclException {
        MethodHandle function = bind(name, REDUCING_TO_ROOT);
        return (comm, stream) -> Native.call(
                () -> (int) function.invokeExact(at.send, at.receive, at.count, type, op, root, comm, stream));
    }

    Call gathering(String name, Buffers at, int type) throws NcclException {
        MethodHandle function = bind(name, GATHERING);
        return (comm, stream) ->
                Native.call(() -> (int) function.invokeExact(at.send, at.receive, at.count, type, comm, stream));
    }

    /** {@code ncclBroadcast} has the form of a reduction, with the root where that has its operation. */
    Call broadcasting(String name, Buffers at, int type, int root) throws NcclException {
        return reducing(name, at, type, root);
    }

    Call grouped(Group group, int type) throws NcclException {
        MethodHandle start = bind("ncclGroupStart", GROUP);
        MethodHandle end = bind("ncclGroupEnd", GROUP);
        MethodHandle send = bind("ncclSend", POINT_TO_POINT);
        MethodHandle receive = bind("ncclRecv", POINT_TO_POINT);
        return (comm, stream) -> {
            int begun = Native.call(() -> (int) start.invokeExact());
            if (!isGood(begun)) {
                return begun;
            }
            int within = group.enqueue(new PointToPoint(send, receive, type, comm, stream));
            int ended = Native.call(() -> (int) end.invokeExact());
            return isGood(within) ? ended : within;
        };
    }

    static boolean isGood(int result) {
        return NcclResult.SUCCESS.is(result) || NcclResult.IN_PROGRESS.is(result);
    }

    private MethodHandle bind(String symbol, FunctionDescriptor type) throws NcclException {
        return library.function(symbol, type)
                .orElseThrow(() -> new NcclException.Unsupported(label + " (" + library.name() + ") has no " + symbol));
    }

    /** A call that is ready. */
    @FunctionalInterface
    interface Call {
        int run(MemorySegment comm, long stream);
    }

    /** Addresses of the device, and how many elements NCCL is told. */
    record Buffers(long send, long receive, long count) {}

    /** Within a group. */
    record PointToPoint(MethodHandle sending, MethodHandle receiving, int type, MemorySegment comm, long stream) {
        int send(long from, long count, int peer) {
            return Native.call(() -> (int) sending.invokeExact(from, count, type, peer, comm, stream));
        }

        int receive(long into, long count, int peer) {
            return Native.call(() -> (int) receiving.invokeExact(into, count, type, peer, comm, stream));
        }
    }
}
