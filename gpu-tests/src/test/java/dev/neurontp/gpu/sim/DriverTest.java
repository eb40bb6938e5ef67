package dev.neurontp.gpu.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver's calls that wait for nothing: devices, contexts, memory, errors. */
@SimTest
class DriverTest {
    private static final int INVALID_VALUE = 1;
    private static final int OUT_OF_MEMORY = 2;
    private static final int INVALID_DEVICE = 101;
    private static final int INVALID_CONTEXT = 201;
    private static final int NOT_FOUND = 500;
    private static final int CONTEXT_IS_DESTROYED = 709;

    private final NativeLibrary cuda = Gpu.library();
    private final Arena arena = Arena.ofConfined();
    private Gpu gpu;

    @BeforeEach
    void open() {
        gpu = Gpu.open(1);
    }

    @AfterEach
    void close() {
        gpu.close();
        arena.close();
    }

    @Test
    void aDeviceIsNamedASimulation() {
        MemorySegment name = arena.allocate(100);
        MemorySegment uuid = arena.allocate(16);

        assertThat(cuda.call("cuDeviceGetName", name, 100, 1)).isZero();
        assertThat(cuda.call("cuDeviceGetUuid", uuid, 1)).isZero();

        assertThat(name.getString(0)).isEqualTo("neurontp simulated GPU 1");
        assertThat(new String(uuid.toArray(ValueLayout.JAVA_BYTE), US_ASCII)).isEqualTo("simulated-GPU-01");
    }

    @Test
    void eightDevicesAreThereAndNoNinth() {
        assertThat(number("cuDeviceGetCount")).isEqualTo(8);
        assertThat(cuda.call("cuDeviceGet", arena.allocate(4), 8)).isEqualTo(INVALID_DEVICE);
        assertThat(cuda.call("cuDeviceGet", arena.allocate(4), -1)).isEqualTo(INVALID_DEVICE);
    }

    @Test
    void theDriverIsOfOneVersion() {
        assertThat(number("cuDriverGetVersion")).isEqualTo(12080);
    }

    @Test
    void initAnswersWithTheErrorThatASettingGives() {
        try (Environment _ = Environment.with("NEURONTP_SIM_CU_INIT", "803")) {
            assertThat(cuda.call("cuInit", 0)).isEqualTo(803);
        }
    }

    @Test
    void theCurrentContextBelongsToAThread() throws Exception {
        assertThat(number("cuCtxGetDevice")).isEqualTo(1);

        int elsewhere = Ranks.start(
                        "other",
                        () -> cuda.call("cuCtxGetDevice", Arena.ofAuto().allocate(4)))
                .get(10, TimeUnit.SECONDS);

        assertThat(elsewhere).isEqualTo(INVALID_CONTEXT);
    }

    @Test
    void thePrimaryContextLivesUntilItsLastRelease() {
        long first = Gpu.handle("cuDevicePrimaryCtxRetain", 5);
        long second = Gpu.handle("cuDevicePrimaryCtxRetain", 5);
        assertThat(second).isEqualTo(first);
        assertThat(cuda.call("cuCtxPushCurrent_v2", first)).isZero();

        assertThat(cuda.call("cuDevicePrimaryCtxRelease_v2", 5)).isZero();
        assertThat(number("cuCtxGetDevice")).isEqualTo(5);
        assertThat(cuda.call("cuDevicePrimaryCtxRelease_v2", 5)).isZero();
        assertThat(cuda.call("cuCtxGetDevice", arena.allocate(4))).isEqualTo(CONTEXT_IS_DESTROYED);
        assertThat(cuda.call("cuDevicePrimaryCtxRelease_v2", 5)).isEqualTo(INVALID_CONTEXT);

        assertThat(cuda.call("cuCtxPopCurrent_v2", arena.allocate(8))).isZero();
        assertThat(number("cuCtxGetDevice")).isEqualTo(1);
    }

    @Test
    void memoryKeepsWhatIsWritten() {
        byte[] content = {1, 2, 3, 4, 5};
        long address = gpu.allocate(content);

        assertThat(gpu.read(address, 5)).isEqualTo(content);
        assertThat(gpu.read(address + 3, 2)).isEqualTo(new byte[] {4, 5});
        assertThat(cuda.call("cuMemFree_v2", address)).isZero();
        assertThat(cuda.call("cuMemFree_v2", address)).isEqualTo(INVALID_VALUE);
    }

    @Test
    void aCopyPastTheEndIsRefused() {
        long address = gpu.allocate(4);
        MemorySegment host = arena.allocate(8);

        assertThat(cuda.call("cuMemcpyHtoD_v2", address, host, 8L)).isEqualTo(INVALID_VALUE);
        assertThat(cuda.call("cuMemcpyDtoH_v2", host, address + 1, 4L)).isEqualTo(INVALID_VALUE);
        assertThat(cuda.call("cuMemcpyDtoH_v2", host, host, 4L)).isEqualTo(INVALID_VALUE);
    }

    @Test
    void aFillWritesItsPattern() {
        long address = gpu.allocate(6);

        assertThat(cuda.call("cuMemsetD8_v2", address, 0x7f, 6L)).isZero();
        assertThat(cuda.call("cuMemsetD16Async", address + 2, 0x0201, 2L, gpu.stream()))
                .isZero();

        assertThat(gpu.read(address, 6)).isEqualTo(new byte[] {0x7f, 0x7f, 1, 2, 1, 2});
        assertThat(cuda.call("cuMemsetD16_v2", address + 1, 1, 1L)).isEqualTo(INVALID_VALUE);
    }

    @Test
    void memoryRunsOutAndComesBack() {
        try (Environment _ = Environment.with("NEURONTP_SIM_MEMORY", "1000")) {
            long address = gpu.allocate(600);
            assertThat(cuda.call("cuMemAlloc_v2", arena.allocate(8), 600L)).isEqualTo(OUT_OF_MEMORY);
            assertThat(freeBytes()).isEqualTo(400);

            Gpu.check(cuda.call("cuMemFree_v2", address));

            assertThat(freeBytes()).isEqualTo(1000);
            assertThat(gpu.allocate(1000)).isNotZero();
        }
    }

    @Test
    void anErrorHasANameAndWords() {
        assertThat(words("cuGetErrorName", 2)).isEqualTo("CUDA_ERROR_OUT_OF_MEMORY");
        assertThat(words("cuGetErrorString", 803)).contains("driver combination");
        assertThat(cuda.call("cuGetErrorName", 12345, arena.allocate(8))).isEqualTo(INVALID_VALUE);
    }

    @Test
    void aFunctionIsFoundByItsPlainName() {
        MemorySegment function = arena.allocate(ValueLayout.ADDRESS);
        MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);

        assertThat(cuda.call("cuGetProcAddress_v2", arena.allocateFrom("cuMemAlloc"), function, 12080, 0L, status))
                .isZero();
        MemorySegment address = arena.allocate(8);
        assertThat(NativeLibrary.callAt(function.get(ValueLayout.ADDRESS, 0), address, 16L))
                .isZero();
        assertThat(address.get(ValueLayout.JAVA_LONG, 0)).isNotZero();

        assertThat(cuda.call("cuGetProcAddress_v2", arena.allocateFrom("cuNoSuch"), function, 12080, 0L, status))
                .isEqualTo(NOT_FOUND);
        assertThat(status.get(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
    }

    private int number(String function) {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
        Gpu.check(cuda.call(function, out));
        return out.get(ValueLayout.JAVA_INT, 0);
    }

    private long freeBytes() {
        MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
        Gpu.check(cuda.call("cuMemGetInfo_v2", free, arena.allocate(8)));
        return free.get(ValueLayout.JAVA_LONG, 0);
    }

    private String words(String function, int result) {
        MemorySegment text = arena.allocate(ValueLayout.ADDRESS);
        Gpu.check(cuda.call(function, result, text));
        return NativeLibrary.text(text.get(ValueLayout.ADDRESS, 0));
    }
}
