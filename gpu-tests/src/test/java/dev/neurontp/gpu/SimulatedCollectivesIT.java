package dev.neurontp.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.testing.ProgramProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checked collectives of real workers over the stand-in's NCCL: what is right, what is wrong and on which rank. */
@Tag("sim")
@Requires.SimulatedLibraries
class SimulatedCollectivesIT {
    private static final List<String> TYPES = List.of("int8", "uint64", "half", "float", "double", "bfloat16");

    private static XCollective request(String collective, String type, String op, long count, String place) {
        String pairs = collective.equals("pairs") ? "0-2" : "";
        return new XCollective(collective, type, op, count, 1, pairs, place, 1, 1, 3, 2, 5, 20_000);
    }

    private static List<XCollectiveResult> results(NcclGroup group, XCollective request) throws Exception {
        List<WorkerResponse> replies = group.collective(request);
        assertThat(replies).as(request.toString()).hasOnlyElementsOfType(XCollectiveResult.class);
        return replies.stream().map(XCollectiveResult.class::cast).toList();
    }

    private static void right(NcclGroup group, XCollective request) throws Exception {
        List<XCollectiveResult> results = results(group, request);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.wrong()).as(request + " " + result).isZero();
            assertThat(result.simulated()).isTrue();
            assertThat(result.device()).isPresent();
            assertThat(result.wall()).isPresent();
        });
        assertThat(results.stream().mapToLong(XCollectiveResult::checked).sum())
                .as(request.toString())
                .isPositive();
    }

    @Test
    void everyCollectiveGivesWhatItMust() throws Exception {
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, 3).start()) {
            assertThat(group.init()).containsOnly("{\"op\":\"init_ok\"}");
            for (String type : TYPES) {
                for (String collective : List.of("all_reduce", "reduce_scatter", "reduce")) {
                    right(group, request(collective, type, "sum", 17, "in"));
                }
                for (String collective : List.of("all_gather", "broadcast", "gather", "scatter")) {
                    right(group, request(collective, type, "", 17, "in"));
                }
                for (String collective : List.of("sendrecv", "alltoall", "pairs")) {
                    right(group, request(collective, type, "", 17, "out"));
                }
            }
            for (String op : List.of("prod", "min", "max", "avg")) {
                right(group, request("all_reduce", "float", op, 1000, "out"));
                right(group, request("reduce_scatter", "int32", op, 1000, "out"));
            }
            assertThat(group.sanity()).containsOnly("{\"op\":\"nccl_sanity_result\",\"observed_sum\":3}");
        }
    }

    @Test
    void aWrongElementIsFoundOnItsRankAndNowhereElse() throws Exception {
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, 2)
                .with("NEURONTP_SIM_FAULT", "corrupt@collective:1")
                .start()) {
            group.init();

            List<XCollectiveResult> results = results(
                    group, new XCollective("all_reduce", "float", "sum", 64, 0, "", "out", 0, 0, 0, 1, 3, 20_000));

            assertThat(results.get(0).wrong()).isZero();
            assertThat(results.get(1).wrong()).isEqualTo(1);
            assertThat(results.get(1).firstIndex()).hasValue(0);
            assertThat(results.get(1).cause()).isEqualTo("bit 0 flipped");
        }
    }

    @Test
    void aRankThatDoesNotComeEndsTheOthersWithinTheRequestsBound() throws Exception {
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, 2)
                .with("NEURONTP_SIM_FAULT", "hang@collective:1")
                .with("NEURON_NCCL_ABORT_TIMEOUT", "1")
                .start()) {
            group.init();

            List<WorkerResponse> replies =
                    group.collective(new XCollective("all_gather", "float", "", 64, 0, "", "out", 0, 0, 0, 1, 3, 1500));

            assertThat(replies)
                    .allSatisfy(reply -> assertThat(reply)
                            .isInstanceOfSatisfying(
                                    WorkerResponse.Error.class,
                                    error -> assertThat(error.message())
                                            .contains("timed out waiting for the other ranks", "ncclAllGather")));
            assertThat(group.end(Duration.ofSeconds(10))).containsOnly(0);
        }
    }

    @Test
    void aDeviceIsDescribedAndCopiedToBeforeInit() throws Exception {
        try (ProgramProcess worker = ProgramProcess.worker(Simulation.HOST.environment(), "nccl", 1, 2, 1)) {
            XDeviceInfo info = (XDeviceInfo) ask(worker, "{\"op\":\"x_device\"}");

            assertThat(info.communicator()).isEqualTo("nccl");
            assertThat(info.simulated()).isTrue();
            assertThat(info.deviceUuid()).matches("GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
            assertThat(info.pciBusId()).matches("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.0");
            assertThat(info.nccl()).matches("2\\.\\d+\\.\\d+");
            assertThat(info.memoryTotal()).isPresent();
            for (String local : List.of("copy_h2d", "copy_d2h", "copy_d2d", "memory_pattern")) {
                XCollectiveResult result = (XCollectiveResult) ask(worker, encoded(local, 3 << 20));
                assertThat(result.wrong()).as(local).isZero();
                assertThat(result.checked()).as(local).isEqualTo(2 * (3L << 20) / 8);
            }
            WorkerResponse tooMuch = ask(worker, encoded("memory_pattern", 1L << 40));
            assertThat(tooMuch)
                    .isInstanceOfSatisfying(
                            WorkerResponse.Error.class,
                            error -> assertThat(error.kind()).isEqualTo(WorkerResponse.Error.X_UNSUPPORTED));
            assertThat(ask(worker, encoded("all_reduce", 8)))
                    .isInstanceOfSatisfying(
                            WorkerResponse.Error.class,
                            error -> assertThat(error.kind()).isEqualTo("nccl_not_initialised"));
        }
    }

    private static String encoded(String collective, long count) {
        return new String(
                WireCodec.encode(
                        new XCollective(collective, "float", "sum", count, 0, "", "out", 0, 1, 2, 2, 5, 20_000)),
                UTF_8);
    }

    private static WorkerResponse ask(ProgramProcess worker, String request) throws Exception {
        worker.send(request);
        return WireCodec.decodeResponse(worker.line(NcclGroup.TIMEOUT).getBytes(UTF_8));
    }
}
