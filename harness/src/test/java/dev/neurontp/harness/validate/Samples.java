package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ranks, answers and reports as a run on H100s would bring them. */
final class Samples {
    static final long COUNT = 1 << 28;
    private static final Plan PLAN = new Plan(
            Plan.Mode.QUICK,
            List.of(Collective.ALL_REDUCE),
            List.of(ElementType.FLOAT),
            List.of(ReduceOp.SUM),
            List.of(),
            8,
            OptionalLong.empty(),
            8,
            0,
            20,
            5,
            1,
            7,
            Duration.ofSeconds(20),
            Duration.ZERO);

    private Samples() {}

    static Plan plan() {
        return PLAN;
    }

    static XDeviceInfo gpu(int device, boolean simulated) {
        return new XDeviceInfo(
                "h100-17",
                "boot-1",
                "nccl",
                simulated,
                "GPU-0000000" + device,
                "0000:" + device + "b:00.0",
                "NVIDIA H100 80GB HBM3",
                "580.95.05",
                "13.0",
                "2.28.9",
                "/usr/lib/libnccl.so.2",
                OptionalLong.of(80L << 30),
                OptionalLong.of(78L << 30),
                "0",
                "9.0");
    }

    static List<RankDevice> ranks(int count, boolean simulated) {
        List<RankDevice> ranks = new ArrayList<>();
        for (int rank = 0; rank < count; rank++) {
            ranks.add(new RankDevice(rank, 100 + rank, rank, Optional.of(gpu(rank, simulated)), ""));
        }
        return ranks;
    }

    /** The second half of the ranks is on another host. */
    static List<RankDevice> onTwoHosts(int count) {
        List<RankDevice> ranks = new ArrayList<>();
        for (RankDevice rank : ranks(count, false)) {
            XDeviceInfo gpu = rank.info().orElseThrow();
            boolean first = rank.rank() < (count + 1) / 2;
            ranks.add(new RankDevice(
                    rank.rank(),
                    rank.pid(),
                    rank.device(),
                    Optional.of(new XDeviceInfo(
                            gpu.host(),
                            first ? "boot-1" : "boot-2",
                            gpu.communicator(),
                            gpu.simulated(),
                            gpu.deviceUuid(),
                            gpu.pciBusId(),
                            gpu.deviceName(),
                            gpu.driver(),
                            gpu.cuda(),
                            gpu.nccl(),
                            gpu.ncclLibrary(),
                            gpu.memoryTotal(),
                            gpu.memoryFree(),
                            gpu.numaNode(),
                            gpu.computeCapability())),
                    ""));
        }
        return ranks;
    }

    static Case measured(String collective, long count) {
        Collective kind = Collective.named(collective).orElseThrow();
        XCollective request = new XCollective(
                collective, "float", kind.reduces() ? "sum" : "", count, 0, "", "out", 0, 5, 20, 1, 7, 20_000);
        return Case.of(Phase.BANDWIDTH, request, kind.bytes(count, Float.BYTES, 8));
    }

    static Case pair(String pairs, long bytes) {
        return Case.of(
                Phase.PAIRS,
                new XCollective("pairs", "uint8", "", bytes, 0, pairs, "out", 0, 2, 20, 1, 7, 20_000),
                bytes);
    }

    static XCollectiveResult right(long checked, long nanos) {
        return right(checked, nanos, false);
    }

    static XCollectiveResult right(long checked, long nanos, boolean simulated) {
        return new XCollectiveResult(
                checked,
                0,
                OptionalLong.empty(),
                "",
                "",
                "",
                List.of(),
                Optional.of(new XCollectiveResult.Times(nanos, nanos, nanos)),
                Optional.empty(),
                OptionalLong.of(1_000_000),
                simulated);
    }

    static XCollectiveResult wrong(long checked, long wrong, String cause, List<XCollectiveResult.Source> from) {
        return new XCollectiveResult(
                checked,
                wrong,
                OptionalLong.of(5),
                "3 (0x40400000)",
                "2 (0x40000000)",
                cause,
                from,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                false);
    }

    static SortedMap<Integer, XCollectiveResult> all(int ranks, XCollectiveResult answer) {
        SortedMap<Integer, XCollectiveResult> results = new TreeMap<>();
        for (int rank = 0; rank < ranks; rank++) {
            results.put(rank, answer);
        }
        return results;
    }

    static Group.Answer answer(SortedMap<Integer, XCollectiveResult> results) {
        return new Group.Answer(results, Optional.empty(), false);
    }

    static ValidationReport report(List<RankDevice> ranks, CaseResult... results) {
        return report(ranks, ValidationReport.Stop.NO, results);
    }

    static ValidationReport report(List<RankDevice> ranks, ValidationReport.Stop stop, CaseResult... results) {
        return new ValidationReport(
                Instant.parse("2026-11-26T10:00:00Z"),
                Duration.ofSeconds(61),
                List.of("neuron"),
                "nccl",
                PLAN,
                ranks,
                List.of(results),
                stop);
    }
}
