package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.Diagnostic;
import dev.neurontp.worker.comm.Diagnostic.Finding;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where NCCL's versions behave in different ways, each of the ways; {@link SimulatedGpuIT} has the usual one. */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedVersionsIT {
    @ParameterizedTest
    @ValueSource(strings = {"21403", "22907", "23003", "23004", "23007", "23100"})
    void twoRanksOnOneGpuAreRefusedByEach(String version) throws IOException, InterruptedException {
        NcclScenarios.twoRanksOnOneGpuAreRefusedInWords(Simulation.HOST.with("NEURONTP_SIM_NCCL_VERSION", version));
    }

    /** What rank {@code rank} of three said of NCCL's own diagnostics. */
    private static List<Diagnostic> diagnostics(int rank, String version, String fault)
            throws IOException, InterruptedException {
        CommunicatorProvider nccl = Communicators.named("test", "nccl");
        NcclGroup.Builder plan = NcclGroup.of(Simulation.HOST, 3)
                .with("NEURONTP_SIM_NCCL_VERSION", version)
                .with("NEURONTP_SIM_FAULT", fault);
        nccl.settingsOfDiagnostics(Map.of()).forEach(plan::with);
        try (NcclGroup group = plan.start()) {
            assertThat(group.init()).containsOnly("{\"op\":\"init_ok\"}");
            assertThat(group.sanity()).containsOnly("{\"op\":\"nccl_sanity_result\",\"observed_sum\":3}");
            assertThat(group.end(NcclGroup.TIMEOUT)).containsOnly(0);
            assertThat(group.rank(rank).rest(NcclGroup.TIMEOUT))
                    .as("nothing more on stdout")
                    .isEmpty();
            return group.rank(rank)
                    .stderr()
                    .lines()
                    .flatMap(line -> nccl.diagnostic(line).stream())
                    .toList();
        }
    }

    @Test
    void from231OnNcclsOwnDiagnosticsAreOnTheStderrOfRankZero() throws IOException, InterruptedException {
        assertThat(diagnostics(0, "23100", ""))
                .extracting(Diagnostic::finding)
                .containsExactly(Finding.NOTE, Finding.OK, Finding.NOTE);
        assertThat(diagnostics(0, "23100", "broken@pair:1-2"))
                .filteredOn(diagnostic -> diagnostic.finding() == Finding.REVIEW)
                .extracting(Diagnostic::text)
                .containsExactly(
                        "p2p: write mismatch from rank 1 to rank 2 (neurontp simulation)",
                        "p2p: write mismatch from rank 2 to rank 1 (neurontp simulation)",
                        "p2p: only 4/6 GPU-to-GPU peer accesses passed verification");
        assertThat(diagnostics(1, "23100", "")).isEmpty();
        assertThat(diagnostics(0, "23007", "")).as("before 2.31").isEmpty();
    }
}
