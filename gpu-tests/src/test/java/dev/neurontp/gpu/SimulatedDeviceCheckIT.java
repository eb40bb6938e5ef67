package dev.neurontp.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.testing.ProgramProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers that the device fills and checks itself. The stand-in does the kernels' work in C, by the contract's formula. */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedDeviceCheckIT {
    private static final String NOT_LOADED = "the kernels that check memory on the device cannot be loaded";
    private static final long LARGE = 32L << 20;

    private static NcclGroup group(String fault) throws Exception {
        NcclGroup group = NcclGroup.of(Simulation.HOST, 3)
                .with("NEURON_NCCL_DEVICE_CHECK", "always")
                .with("NEURONTP_SIM_FAULT", fault)
                .start();
        group.init();
        return group;
    }

    private static XCollective request(String collective, String type, String redop, String place) {
        return new XCollective(collective, type, redop, 5000, 1, "0-2", place, 1, 0, 0, 2, 42, 60_000);
    }

    private static void right(NcclGroup group, XCollective request) throws Exception {
        assertThat(group.collective(request))
                .as(request.toString())
                .allSatisfy(reply -> assertThat(reply)
                        .isInstanceOfSatisfying(
                                XCollectiveResult.class,
                                result -> assertThat(result.wrong()).isZero()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "refuse@module"})
    void whatIsRightIsFoundRightInBothWays(String fault) throws Exception {
        try (NcclGroup group = group(fault)) {
            for (String type : List.of("uint8", "int32", "int64", "half", "bfloat16", "float", "double")) {
                right(group, request("all_reduce", type, "sum", "out"));
                right(group, request("reduce_scatter", type, "sum", "in"));
                right(group, request("alltoall", type, "", "out"));
            }
            for (String collective : List.of("all_gather", "broadcast", "gather", "scatter")) {
                right(group, request(collective, "bfloat16", "", "in"));
                right(group, request(collective, "f8e5m2", "", "out"));
            }
            right(group, request("sendrecv", "float", "", "out"));
            right(group, request("pairs", "float", "", "out"));
            right(group, request("all_reduce", "float", "max", "out"));
            for (int rank = 0; rank < 3; rank++) {
                assertThat(group.rank(rank).stderr().split(NOT_LOADED, -1))
                        .as("said once where it is so")
                        .hasSize(fault.isEmpty() ? 1 : 2);
            }
        }
    }

    @Test
    void aWrongElementThatTheDeviceFindsIsExplainedByTheHost() throws Exception {
        try (NcclGroup group = group("corrupt@collective:1")) {
            List<WorkerResponse> replies = group.collective(request("all_reduce", "float", "sum", "out"));

            assertThat(replies.get(1)).isInstanceOfSatisfying(XCollectiveResult.class, result -> {
                assertThat(result.wrong()).isEqualTo(2);
                assertThat(result.checked()).isEqualTo(10_000);
                assertThat(result.firstIndex()).hasValue(0);
                assertThat(result.cause()).isEqualTo("bit 0 flipped");
            });
            assertThat(replies.get(0))
                    .isInstanceOfSatisfying(
                            XCollectiveResult.class,
                            result -> assertThat(result.wrong()).isZero());
        }
    }

    /** The one wrong element is the first: it is in every sample. */
    @Test
    void aKernelThatMissesAWrongElementIsRefutedByTheHostsSample() throws Exception {
        refuted(
                "corrupt@collective:1,miss@kernel:1",
                request("all_gather", "float", "", "out"),
                "the device found none wrong, the host 1 wrong, the first at 0");
    }

    @Test
    void aKernelThatMissesOneOfManyIsRefutedByTheHostsCount() throws Exception {
        refuted(
                "swap@collective:1,miss@kernel:1",
                request("all_gather", "int64", "", "out"),
                "the device found 9999 wrong, the first at 1, the host 10000 wrong, the first at 0");
    }

    /** It is that rank's finding: the others are right, and the group can do the next collective. */
    private static void refuted(String fault, XCollective request, String says) throws Exception {
        try (NcclGroup group = group(fault)) {
            List<WorkerResponse> replies = group.collective(request);

            for (int rank = 0; rank < 3; rank++) {
                boolean errs = rank == 1;
                assertThat(replies.get(rank)).isInstanceOfSatisfying(XCollectiveResult.class, result -> {
                    assertThat(result.wrong() > 0).isEqualTo(errs);
                    assertThat(result.cause().contains(says)).as(result.cause()).isEqualTo(errs);
                });
            }
            assertThat(group.collective(request))
                    .allSatisfy(reply -> assertThat(reply).isInstanceOf(XCollectiveResult.class));
        }
    }

    @Test
    void memoryAndCopiesOfOneDeviceAreCheckedThere() throws Exception {
        try (ProgramProcess worker = worker(Map.of(
                "NEURON_NCCL_DEVICE_CHECK", "always",
                "NEURONTP_SIM_FAULT", "bitflip@memory:0",
                "NEURONTP_SIM_BITFLIP_BYTE", "4096"))) {
            assertThat(ask(worker, "memory_pattern", 1 << 20))
                    .isInstanceOfSatisfying(XCollectiveResult.class, result -> {
                        assertThat(result.wrong()).isEqualTo(1);
                        assertThat(result.cause()).isEqualTo("bit 5 flipped");
                    });
        }
        try (ProgramProcess worker = worker(Map.of("NEURON_NCCL_DEVICE_CHECK", "always"))) {
            for (String local : List.of("copy_h2d", "copy_d2h", "copy_d2d", "memory_pattern")) {
                assertThat(ask(worker, local, 3 << 20))
                        .isInstanceOfSatisfying(
                                XCollectiveResult.class,
                                result -> assertThat(result.wrong()).isZero());
            }
        }
    }

    @Test
    void withoutASettingOnlyLargeBuffersAreTheDevices() throws Exception {
        try (ProgramProcess worker = worker(Map.of("NEURONTP_SIM_FAULT", "refuse@module"))) {
            ask(worker, "memory_pattern", LARGE - 8);
            assertThat(worker.stderr()).doesNotContain(NOT_LOADED);
            ask(worker, "memory_pattern", LARGE);
            worker.awaitLog(NOT_LOADED);
            assertThat(worker.stderr()).contains("cuModuleLoadData failed: CUDA_ERROR_INVALID_PTX (218)");
        }
        try (ProgramProcess worker =
                worker(Map.of("NEURONTP_SIM_FAULT", "refuse@module", "NEURON_NCCL_DEVICE_CHECK", "never"))) {
            ask(worker, "memory_pattern", LARGE);
            assertThat(worker.stderr()).doesNotContain(NOT_LOADED);
        }
    }

    private static ProgramProcess worker(Map<String, String> settings) throws Exception {
        Map<String, String> environment = new HashMap<>(Simulation.HOST.environment());
        environment.putAll(settings);
        return ProgramProcess.worker(environment, "nccl", 0, 2, 0);
    }

    private static WorkerResponse ask(ProgramProcess worker, String local, long bytes) throws Exception {
        worker.send(new String(
                WireCodec.encode(new XCollective(local, "", "", bytes, 0, "", "out", 0, 0, 0, 1, 5, 60_000)), UTF_8));
        return WireCodec.decodeResponse(worker.line(NcclGroup.TIMEOUT).getBytes(UTF_8));
    }
}
