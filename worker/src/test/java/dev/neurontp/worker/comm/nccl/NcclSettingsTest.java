package dev.neurontp.worker.comm.nccl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NcclSettingsTest {
    @TempDir
    Path folder;

    @Test
    void theDefaultsEndBeforeTheLeaderGivesUp() {
        NcclSettings settings = NcclSettings.from(Map.of("NEURON_NCCL_TIMEOUT", ""));
        Duration unwinding = NcclGroup.RAS_BOUND.plus(settings.abort());

        assertThat(settings.init().plus(unwinding)).isLessThan(Duration.ofMinutes(2));
        assertThat(settings.collective().plus(unwinding)).isLessThan(Duration.ofSeconds(30));
        assertThat(settings.ras()).isEqualTo("localhost:28028");
    }

    @ParameterizedTest
    @CsvSource({
        "120, 30, 110, 20",
        "600, 60, 590, 50",
        "30, 12, 20, 8",
        "1, 0.5, 0.666, 0.333",
        "86400, 1, 86390, 0.666"
    })
    void aRankEndsItsWaitsBeforeItsLeaderDoes(double init, double collective, String initInside, String inside) {
        Map<String, String> settings = NcclSettings.timeoutsWithin(seconds(init), seconds(collective), Map.of());

        assertThat(settings)
                .containsOnly(
                        Map.entry("NEURON_NCCL_INIT_TIMEOUT", initInside), Map.entry("NEURON_NCCL_TIMEOUT", inside));
        assertThat(NcclSettings.from(settings).init()).isLessThan(seconds(init));
        assertThat(NcclSettings.from(settings).collective()).isLessThan(seconds(collective));
    }

    @Test
    void aWaitThatIsSetStaysAsLongAsItEndsBeforeTheLeaders() {
        Map<String, String> set = Map.of("NEURON_NCCL_INIT_TIMEOUT", "119.999", "NEURON_NCCL_TIMEOUT", "1");
        assertThat(NcclSettings.timeoutsWithin(seconds(120), seconds(30), set)).isEqualTo(set);
        assertThatThrownBy(() -> NcclSettings.timeoutsWithin(
                        seconds(120), seconds(30), Map.of("NEURON_NCCL_INIT_TIMEOUT", "120")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "NEURON_NCCL_INIT_TIMEOUT is 120 s, and the leader waits 120 s: the first must be");
        assertThatThrownBy(() ->
                        NcclSettings.timeoutsWithin(seconds(120), seconds(30), Map.of("NEURON_NCCL_TIMEOUT", "soon")))
                .hasMessageContaining("NEURON_NCCL_TIMEOUT is 'soon': it must be seconds");
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
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

    @Test
    void theDeviceChecksLargeBuffersUnlessItIsSet() {
        assertThat(NcclSettings.from(Map.of()).deviceCheck()).isEqualTo(DeviceCheck.AUTO);
        assertThat(NcclSettings.from(Map.of("NEURON_NCCL_DEVICE_CHECK", "")).deviceCheck())
                .isEqualTo(DeviceCheck.AUTO);
        for (DeviceCheck check : DeviceCheck.values()) {
            assertThat(NcclSettings.from(Map.of("NEURON_NCCL_DEVICE_CHECK", check.toString()))
                            .deviceCheck())
                    .isEqualTo(check);
        }
        assertThatThrownBy(() -> NcclSettings.from(Map.of("NEURON_NCCL_DEVICE_CHECK", "Always")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NEURON_NCCL_DEVICE_CHECK is 'Always': it must be auto, never or always");
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            libnccl.so.2: cannot open shared object file: No such file or directory            | true
            libnccl.so.2: Kann die Shared-Object-Datei nicht öffnen: Datei nicht gefunden     | true
            libnccl.so.2: cannot open shared object file: Too many open files                 | false
            /opt/libnccl.so.2: cannot open shared object file: Permission denied              | false
            libcudart.so.12: cannot open shared object file: No such file or directory        | false
            /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /opt/libnccl.so.2) | false
            """)
    void aLibraryIsAbsentWhereTheLoaderNamesItWithoutAPathInAnyLanguage(String loadersWords, boolean absent) {
        assertThat(OpenLibraries.saysAbsent("libnccl.so.2", loadersWords)).isEqualTo(absent);
    }

    private static CommunicatorException refusal(Path cuda, Path nccl) {
        Map<String, String> environment =
                Map.of("NEURON_CUDA_LIBRARY", cuda.toString(), "NEURON_NCCL_LIBRARY", nccl.toString());
        try (Communicator rank = new NcclProvider().open(new RankIdentity(0, 1, 0), environment)) {
            rank.init("00".repeat(128));
            throw new AssertionError("it joined");
        } catch (CommunicatorException e) {
            return e;
        }
    }
}
