package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.validate.Bandwidth;
import dev.neurontp.harness.validate.Bar;
import dev.neurontp.harness.validate.Case;
import dev.neurontp.harness.validate.CaseResult;
import dev.neurontp.harness.validate.Collective;
import dev.neurontp.harness.validate.Phase;
import dev.neurontp.harness.validate.Plan;
import dev.neurontp.harness.validate.RankDevice;
import dev.neurontp.harness.validate.Status;
import dev.neurontp.harness.validate.ValidationReport;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalReportTest {
    private static final long COUNT = 1 << 28;

    private static ValidationReport report(boolean simulated, int failures) {
        List<RankDevice> ranks = IntStream.range(0, 2)
                .mapToObj(rank -> new RankDevice(rank, 100 + rank, rank, Optional.of(gpu(rank, simulated)), ""))
                .toList();
        XCollective request =
                new XCollective("all_reduce", "float", "sum", COUNT, 0, "", "out", 0, 5, 20, 1, 7, 20_000);
        XCollectiveResult.Times times = new XCollectiveResult.Times(4_000_000, 4_000_000, 4_000_000);
        SortedMap<Integer, XCollectiveResult> answers = new TreeMap<>();
        for (int rank = 0; rank < 2; rank++) {
            answers.put(
                    rank,
                    new XCollectiveResult(
                            COUNT,
                            0,
                            OptionalLong.empty(),
                            "",
                            "",
                            "",
                            List.of(),
                            Optional.of(times),
                            Optional.empty(),
                            OptionalLong.empty(),
                            simulated));
        }
        List<CaseResult> results = new ArrayList<>();
        results.add(new CaseResult(
                Case.of(Phase.BANDWIDTH, request, COUNT * Float.BYTES),
                Status.PASS,
                "",
                List.of(),
                answers,
                simulated ? Optional.empty() : Optional.of(new Bar(250, "--min-busbw")),
                simulated ? Optional.empty() : Optional.of(new Bandwidth(268.4, 269.8))));
        results.add(CaseResult.without(Case.step(Phase.CORRECTNESS, "sanity"), Status.PASS, "", List.of()));
        for (int i = 0; i < failures; i++) {
            results.add(CaseResult.without(
                    Case.step(Phase.CORRECTNESS, "bad" + i), Status.FAIL, "wrong data", List.of("evidence " + i)));
        }
        Plan plan = new Plan(
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
        return new ValidationReport(
                Instant.EPOCH,
                Duration.ofSeconds(61),
                List.of("neuron"),
                "nccl",
                plan,
                ranks,
                results,
                ValidationReport.Stop.NO);
    }

    private static XDeviceInfo gpu(int device, boolean simulated) {
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
                "libnccl.so.2",
                OptionalLong.empty(),
                OptionalLong.empty(),
                "0",
                "9.0");
    }

    private static List<String> lines(ValidationReport report, int columns) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        new TerminalReport(new Terminal(writer, writer, false, false), columns, report).print();
        return out.toString().lines().toList();
    }

    @Test
    void theTableHasTheColumnsOfNcclTests() {
        assertThat(String.join("\n", lines(report(false, 0), 200)))
                .containsSubsequence(
                        "SIZE(B)", "COUNT", "TYPE", "REDOP", "ROOT", "TIME(us)", "ALGBW", "BUSBW", "#WRONG")
                .containsSubsequence(
                        "1073741824", "268435456", "float", "sum", "-1", "4000.0", "268.4", "269.8", "0", "PASS")
                .contains("threshold 250.0 --min-busbw", "validate: PASSED", "GPU-00000001")
                .doesNotContain("SIMULATED");
    }

    @Test
    void aSimulationSaysSoFirstAndLastAndHasNoBandwidth() {
        List<String> lines = lines(report(true, 0), 80);
        assertThat(lines.getFirst()).startsWith("SIMULATED");
        assertThat(lines.getLast()).contains("PASSED (SIMULATED, no GPU was used)");
        assertThat(String.join("\n", lines)).contains("PASS (simulated)").doesNotContain("268.4", "269.8");
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 80, 200})
    void nothingIsWiderThanTheTerminalButTheWordsOfTheVerdict(int columns) {
        assertThat(lines(report(false, 2), columns))
                .filteredOn(line -> !line.startsWith("validate:") && !line.startsWith("FAIL"))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Math.max(45, columns)));
    }

    /** A broken GPU breaks hundreds of cases in the same way. */
    @Test
    void onlyTheFirstFailuresAreShownWhole() {
        assertThat(String.join("\n", lines(report(false, 50), 80)))
                .contains("evidence 0", "evidence 5", "and 44 more; --report DIR")
                .doesNotContain("evidence 6");
    }
}
