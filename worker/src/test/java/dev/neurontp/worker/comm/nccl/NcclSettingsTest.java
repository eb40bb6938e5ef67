package dev.neurontp.worker.comm.nccl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.RankIdentity;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NcclSettingsTest {
    @TempDir
    Path folder;

    @Test
    void theDefaultsEndBeforeTheLeaderGivesUp() {
        NcclSettings settings = NcclSettings.from(Map.of("NEURON_NCCL_TIMEOUT", ""));
        Duration unwinding = Membership.RAS_BOUND.plus(settings.abort());

        assertThat(settings.init().plus(unwinding)).isLessThan(Duration.ofMinutes(2));
        assertThat(settings.collective().plus(unwinding)).isLessThan(Duration.ofSeconds(30));
        assertThat(settings.ras()).isEqualTo("localhost:28028");
    }

    @Test
    void secondsMayHaveAFraction() {
        assertThat(NcclSettings.from(Map.of("NEURON_NCCL_INIT_TIMEOUT", "0.25")).init())
                .isEqualTo(Duration.ofMillis(250));
        assertThat(NcclSettings.from(Map.of("NEURON_NCCL_ABORT_TIMEOUT", "86400"))
                        .abort())
                .isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.000", "-1", "86401", "ten", "1e3", " 1", "99999"})
    void otherValuesAreRefusedByValueAndRule(String value) {
        assertThatThrownBy(() -> NcclSettings.from(Map.of("NEURON_NCCL_TIMEOUT", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "NEURON_NCCL_TIMEOUT is '" + value + "': it must be seconds, more than 0 and at most 86400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "g"})
    void anIdOfAnotherFormIsRefused(String start) {
        String id = start.equals("g") ? "g".repeat(256) : start;

        assertThatThrownBy(() -> UniqueId.parse(id)).hasMessageContaining("256 hex digits");
        assertThat(UniqueId.parse("AB".repeat(128)).toHex()).isEqualTo("ab".repeat(128));
    }

    @Test
    void aLibraryThatIsNotThereIsADifferentErrorFromOneThatCannotBeLoaded() throws Exception {
        Path none = folder.resolve("none.so");
        Path broken = Files.writeString(folder.resolve("broken.so"), "no library");

        assertThat(refusal(none, none).kind()).isEqualTo(ErrorKind.CUDA_FEATURE_NOT_ENABLED);
        assertThat(refusal(none, none).getMessage())
                .contains("libcuda.so.1 is not there: no file " + none, "NEURON_CUDA_LIBRARY", "NEURON_NCCL_LIBRARY");
        CommunicatorException failing = refusal(broken, none);
        assertThat(failing.kind()).isEqualTo(ErrorKind.NCCL_INIT_FAILED);
        assertThat(failing.getMessage()).contains("the loader refuses it", broken.toString(), "file too short");
    }

    private static CommunicatorException refusal(Path cuda, Path nccl) {
        Map<String, String> environment =
                Map.of("NEURON_CUDA_LIBRARY", cuda.toString(), "NEURON_NCCL_LIBRARY", nccl.toString());
        try (Communicator rank = NcclCollectives.open(new RankIdentity(0, 1, 0), environment)) {
            rank.init("00".repeat(128));
            throw new AssertionError("it joined");
        } catch (CommunicatorException e) {
            return e;
        }
    }
}
