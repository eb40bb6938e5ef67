package dev.neurontp.harness.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hosts, launchers and the command lines that are made of them. */
class PlacementTest {
    @Test
    void aHostHasDevicesAndRangesOfThem() {
        assertThat(HostSlots.parse("gpu-1:0-3").devices()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(HostSlots.parse("10.0.0.1:7,2-3").devices()).containsExactly(7L, 2L, 3L);
        assertThat(HostSlots.split("gpu-1:0,2,gpu-2:1-2"))
                .extracting(HostSlots::toString)
                .containsExactly("gpu-1:0,2", "gpu-2:1,2");
    }

    @Test
    void whatIsNoHostIsRefusedWithTheRule() {
        for (String wrong : List.of(
                "",
                "gpu-1",
                ":0",
                "-o:0",
                "gpu-1:",
                "gpu-1:a",
                "gpu-1:3-1",
                "gpu-1:0-",
                "gpu-1:0-9999",
                "a b:0",
                "a/b:0",
                "gpu-:0",
                "gpu-1:0,,1",
                "gpu-1:4294967296",
                "$(x):0",
                "gpu-1:0\n")) {
            assertThatThrownBy(() -> HostSlots.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> HostSlots.split("a:0,a:1")).hasMessageContaining("named twice");
        assertThatThrownBy(() -> HostSlots.split("0,1")).hasMessageContaining("a host is '0,1'");
    }

    @Test
    void aShellReadsEachWordAsItWas() throws Exception {
        for (String word :
                List.of("plain", "", "a b", "it's", "$(touch x)", "`x`", "a\nb", "\\", "*", "~", "--lease=1s", "ä")) {
            Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.quoted(word)).start();
            assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(word);
        }
    }

    @Test
    void theWholeLineIsTheLaunchersWordsThenTheSettingsThenTheAgentThenTheWorker() {
        Launcher ssh = new Launcher(
                "gpu",
                Preset.named("ssh").start(List.of("-l", "neuron")),
                true,
                Set.of(255),
                List.of("/opt/my neuron"),
                Map.of("A", "launcher", "B", "x y"));
        Placement placement = new Placement(
                List.of(
                        new Place("gpu-1", "10.0.0.1", 0, ssh, Map.of()),
                        new Place("gpu-2", "10.0.0.2", 0, ssh, Map.of("A", "host"))),
                Duration.ofSeconds(15));
        List<String> line = placement.line(
                new Placement.Rank(1, 2, 3), List.of(), List.of("--worker", "--rank", "1"), Map.of("C", "1"));
        assertThat(String.join(" ", line))
                .startsWith("ssh -T -o BatchMode=yes ")
                .endsWith(
                        " -l neuron -- 10.0.0.2 env A=host 'B=x y' C=1 '/opt/my neuron' --agent --token-stdin --lease 15s --"
                                + " '/opt/my neuron' --worker --rank 1");
    }

    @Test
    void placeholdersAreFactsOfThePlace() {
        Launcher exec = new Launcher(
                "x",
                List.of("run", "{host}/{local_rank}", "{device} of {rank}/{world_size}"),
                false,
                Set.of(),
                List.of("n"),
                Map.of());
        Place place = new Place("h", "a", 4, exec, Map.of());
        assertThat(exec.line(place.facts(5, 8, 6), List.of("a b"))).containsExactly("run", "h/4", "6 of 5/8", "a b");
        Launcher wrong = new Launcher("x", List.of("{home}"), false, Set.of(), List.of("n"), Map.of());
        assertThatThrownBy(() -> wrong.line(place.facts(0, 1, 0), List.of()))
                .hasMessageContaining("{home}: there are address, device, host, local_rank, rank, world_size");
    }
}
