package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams run at the same time as their caller, in order, and wait for each other as CUDA says. */
@SimTest
@SuppressWarnings("restricted") // a C library calls back
class StreamTest {
    private static final int BLOCKING = 0;
    private static final int INVALID_HANDLE = 400;

    private final NativeLibrary cuda = Gpu.library();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Arena arena = Arena.ofShared();
    private final MemorySegment waitAtGate = gateFunction();
    private Gpu gpu;
    private long context;

    @BeforeEach
    void open() {
        gpu = Gpu.open(2);
        context = Gpu.handle("cuCtxGetCurrent");
    }

    @AfterEach
    void close() {
        gate.countDown();
        Gpu.check(cuda.call("cuCtxSynchronize"));
        gpu.close();
        arena.close();
    }

    @Test
    void aStreamIsNotReadyWhileItsWorkIsPending() {
        closeGate(gpu.stream());

        assertThat(gpu.query()).isEqualTo(Gpu.NOT_READY);
        gate.countDown();

        await().pollInSameThread().until(() -> gpu.query() == 0);
    }

    @Test
    void workIsDoneInOrder() {
        long address = gpu.allocate(new byte[] {1});
        gpu.synchronize();
        closeGate(gpu.stream());
        gpu.write(address, new byte[] {2});
        Gpu.check(cuda.call("cuMemsetD8Async", address, 3, 1L, gpu.stream()));
        gate.countDown();

        assertThat(gpu.read(address, 1)).isEqualTo(new byte[] {3});
    }

    @Test
    void aCopyToTheDeviceHasReadItsSourceWhenItReturns() {
        long address = gpu.allocate(1);
        MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 5);
        closeGate(gpu.stream());
        Gpu.check(cuda.call("cuMemcpyHtoDAsync_v2", address, source, 1L, gpu.stream()));
        source.set(ValueLayout.JAVA_BYTE, 0, (byte) 6);
        gate.countDown();

        assertThat(gpu.read(address, 1)).isEqualTo(new byte[] {5});
    }

    @Test
    void aNonBlockingStreamDoesNotWaitForAnother() {
        long other = Gpu.newStream(1);
        closeGate(gpu.stream());

        Gpu.check(cuda.call("cuMemsetD8Async", gpu.allocate(1), 3, 1L, other));

        Gpu.check(cuda.call("cuStreamSynchronize", other));
        assertThat(gpu.query()).isEqualTo(Gpu.NOT_READY);
    }

    @Test
    void theNullStreamWaitsForABlockingStream() throws Exception {
        long blocking = Gpu.newStream(BLOCKING);
        long address = gpu.allocate(1);
        closeGate(blocking);

        FutureTask<Integer> copy = inThisContext(() -> cuda.call("cuMemsetD8_v2", address, 1, 1L));

        assertPending(copy);
        gate.countDown();
        assertThat(copy.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void memoryIsFreedOnlyWhenAllWorkIsDone() throws Exception {
        long address = gpu.allocate(1);
        closeGate(gpu.stream());

        FutureTask<Integer> free = inThisContext(() -> cuda.call("cuMemFree_v2", address));

        assertPending(free);
        gate.countDown();
        assertThat(free.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aCopyIntoMemoryThatIsNotPinnedBlocksAndOneIntoPinnedMemoryDoesNot() throws Exception {
        long address = gpu.allocate(new byte[] {9});
        gpu.synchronize();
        MemorySegment pinned =
                MemorySegment.ofAddress(Gpu.handle("cuMemHostAlloc", 1L, 0)).reinterpret(1);
        closeGate(gpu.stream());

        Gpu.check(cuda.call("cuMemcpyDtoHAsync_v2", pinned, address, 1L, gpu.stream()));
        FutureTask<Integer> pageable =
                inThisContext(() -> cuda.call("cuMemcpyDtoHAsync_v2", arena.allocate(1), address, 1L, gpu.stream()));

        assertPending(pageable);
        assertThat(pinned.get(ValueLayout.JAVA_BYTE, 0)).isZero();
        gate.countDown();
        assertThat(pageable.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(pinned.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
        Gpu.check(cuda.call("cuMemFreeHost", pinned));
    }

    @Test
    void anEventIsReachedAfterTheWorkBeforeIt() {
        long event = Gpu.handle("cuEventCreate", 0);
        assertThat(cuda.call("cuEventQuery", event)).as("never recorded").isZero();
        closeGate(gpu.stream());
        Gpu.check(cuda.call("cuEventRecord", event, gpu.stream()));

        assertThat(cuda.call("cuEventQuery", event)).isEqualTo(Gpu.NOT_READY);
        gate.countDown();

        assertThat(cuda.call("cuEventSynchronize", event)).isZero();
        assertThat(cuda.call("cuEventDestroy_v2", event)).isZero();
        assertThat(cuda.call("cuEventQuery", event)).isEqualTo(INVALID_HANDLE);
    }

    @Test
    void aStreamWaitsForTheEventOfAnother() {
        long event = Gpu.handle("cuEventCreate", 0);
        long other = Gpu.newStream(1);
        closeGate(gpu.stream());
        Gpu.check(cuda.call("cuEventRecord", event, gpu.stream()));

        Gpu.check(cuda.call("cuStreamWaitEvent", other, event, 0));

        assertThat(cuda.call("cuStreamQuery", other)).isEqualTo(Gpu.NOT_READY);
        gate.countDown();
        Gpu.check(cuda.call("cuStreamSynchronize", other));
    }

    @Test
    void twoEventsTellTheTimeBetweenThem() {
        long first = Gpu.handle("cuEventCreate", 0);
        long second = Gpu.handle("cuEventCreate", 0);
        Gpu.check(cuda.call("cuEventRecord", first, gpu.stream()));
        Gpu.check(cuda.call("cuEventRecord", second, gpu.stream()));
        gpu.synchronize();
        MemorySegment milliseconds = arena.allocate(ValueLayout.JAVA_FLOAT);

        assertThat(cuda.call("cuEventElapsedTime", milliseconds, first, second)).isZero();

        assertThat(milliseconds.get(ValueLayout.JAVA_FLOAT, 0)).isBetween(0f, 10_000f);
    }

    @Test
    void aDestroyedStreamIsRefusedAndItsWorkStillRuns() {
        long address = gpu.allocate(1);
        long other = Gpu.newStream(1);
        closeGate(other);
        Gpu.check(cuda.call("cuMemsetD8Async", address, 7, 1L, other));

        assertThat(cuda.call("cuStreamDestroy_v2", other)).isZero();

        assertThat(cuda.call("cuStreamQuery", other)).isEqualTo(INVALID_HANDLE);
        gate.countDown();
        Gpu.check(cuda.call("cuCtxSynchronize"));
        assertThat(gpu.read(address, 1)).isEqualTo(new byte[] {7});
    }

    private static void assertPending(FutureTask<Integer> call) throws Exception {
        try {
            assertThat(call.get(100, TimeUnit.MILLISECONDS))
                    .as("it should have waited")
                    .isNull();
        } catch (TimeoutException e) {
            assertThat(e).isNotNull();
        }
    }

    private FutureTask<Integer> inThisContext(Callable<Integer> call) {
        return Ranks.start("caller", () -> {
            Gpu.check(cuda.call("cuCtxSetCurrent", context));
            return call.call();
        });
    }

    /** The stream stands still from here on until the gate is opened. */
    private void closeGate(long stream) {
        Gpu.check(cuda.call("cuLaunchHostFunc", stream, waitAtGate, MemorySegment.NULL));
    }

    /** A C function of one argument that waits until the gate is open. */
    private MemorySegment gateFunction() {
        try {
            MethodHandle wait = MethodHandles.lookup().bind(gate, "await", MethodType.methodType(void.class));
            MethodHandle function = MethodHandles.dropArguments(wait, 0, MemorySegment.class);
            return Linker.nativeLinker().upcallStub(function, FunctionDescriptor.ofVoid(ValueLayout.ADDRESS), arena);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
