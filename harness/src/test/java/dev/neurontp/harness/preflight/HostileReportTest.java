package dev.neurontp.harness.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.launch.Launcher;
import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.worker.Communicators;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another host's program says is a stranger's text, and what it said is not called nothing. */
class HostileReportTest {
    private static Finding found(String script) throws Exception {
        Launcher launcher =
                new Launcher("l", List.of("sh", "-c", script, "sh"), false, Set.of(), List.of("neuron"), Map.of());
        Placement placement =
                new Placement(List.of(new Place("h", "h", 0, launcher, Map.of())), Duration.ofSeconds(15));
        List<HostFindings> hosts =
                new Preflight(placement, List.of(0L), Communicators.named("communicator", "nccl")).run();
        return hosts.getFirst().findings().getFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"preflight\":1,\"marked\":[null]}",
                "{\"preflight\":1,\"gpus\":-5}",
                "{\"preflight\":1,\"gpus\":2147483648}",
                "{\"preflight\":1e999999999}",
                "{\"preflight\":",
                "Last login: never"
            })
    void whatIsNoReportIsQuoted(String line) throws Exception {
        Finding finding = found("echo '" + line + "'");
        assertThat(finding.verdict()).isEqualTo(Finding.Verdict.FAIL);
        assertThat(finding.text())
                .isEqualTo("the launcher 'l' ended with exit code 0: it said no report, but '" + line + "'");
    }

    @Test
    void whatALauncherHasStartedInASessionOfItsOwnGoes() throws Exception {
        String stays = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        found("(setsid " + stays + " </dev/null >/dev/null 2>&1 &); sleep 0.2");
        assertThat(ProcessHandle.allProcesses())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(stays));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "echo; echo"})
    void whereNothingWasSaidThatIsTold(String script) throws Exception {
        assertThat(found(script).text()).isEqualTo("the launcher 'l' ended with exit code 0: it said nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"printf '\\033[2J\\302\\233'", "printf '\\033[2J\\302\\233' >&2"})
    void itDrivesNoTerminal(String script) throws Exception {
        assertThat(found(script).text()).contains("?[2J?").doesNotContain("\u001b", "\u009b");
    }
}
