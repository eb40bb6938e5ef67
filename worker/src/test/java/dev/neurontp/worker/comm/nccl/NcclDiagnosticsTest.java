package dev.neurontp.worker.comm.nccl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.comm.Diagnostic;
import dev.neurontp.worker.comm.Diagnostic.Finding;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NcclDiagnosticsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NCCL DIAG === NCCL Diagnostics ===                                  | NOTE   | === NCCL Diagnostics ===
            node0:15 NCCL DIAG [OK]   p2p: all 56 directed GPU P2P edges verified | OK     | p2p: all 56 directed GPU P2P edges verified
            NCCL DIAG [INFO] p2p: only 52/56 GPU-to-GPU peer accesses passed verification | REVIEW | p2p: only 52/56 GPU-to-GPU peer accesses passed verification
            node0:24563 NCCL DIAG [INFO] net bw: cross-nic rank 3 (node0): 265.1 Gbit/s, >30% off median | REVIEW | net bw: cross-nic rank 3 (node0): 265.1 Gbit/s, >30% off median
            NCCL DIAG [WARN] something new                                      | REVIEW | something new
            rank 0: node0:1 NCCL DIAG NCCL diagnostics completed in 245.3 ms across 8 ranks | NOTE | NCCL diagnostics completed in 245.3 ms across 8 ranks
            """)
    void aLineSaysWhetherSomebodyHasToLook(String line, Finding finding, String text) {
        assertThat(NcclDiagnostics.parse(line)).contains(new Diagnostic(finding, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NCCL INFO Init COMPLETE", "NCCL DIAGNOSIS: none"})
    void everyOtherLineIsNone(String line) {
        assertThat(NcclDiagnostics.parse(line)).isEmpty();
    }

    @Test
    void whatIsInTheLineIsCutAndCleaned() {
        Diagnostic diagnostic = NcclDiagnostics.parse("NCCL DIAG [OK] a\u001bb" + "c".repeat(5000))
                .orElseThrow();

        assertThat(diagnostic.text()).hasSize(200).startsWith("a?bc");
    }

    @Test
    void bothKindsAreAskedForUnlessTheEnvironmentSaysOtherwise() {
        assertThat(NcclDiagnostics.settings(Map.of("NCCL_RUN_RAS_DIAGNOSTICS", "")))
                .isEqualTo(Map.of("NCCL_RUN_DIAGNOSTICS", "1", "NCCL_RUN_RAS_DIAGNOSTICS", "1"));
        assertThat(NcclDiagnostics.settings(Map.of("NCCL_RUN_DIAGNOSTICS", "0")))
                .isEqualTo(Map.of("NCCL_RUN_RAS_DIAGNOSTICS", "1"));
    }
}
