package dev.neurontp.harness.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.process.EndCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts, launchers and the command lines that are made of them. */
class PlacementTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::ffff:127.0.0.1", "127.1", "0x7f.0.0.1"})
    void anAddressIsOneHostHoweverItIsSpelt(String address) {
        Launcher launcher = new Launcher("l", List.of(), false, Set.of(), List.of("neuron"), Map.of());
        assertThat(new Place("h", address, 0, launcher, Map.of()).machine()).isEqualTo("127.0.0.1");
        assertThat(new Place("h", "Gpu-1.Example", 0, launcher, Map.of()).machine())
                .isEqualTo("gpu-1.example");
    }

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
    void aListOfAnyLengthIsRefusedInFewWords() {
        for (String list : List.of("0,".repeat(30_000) + "0", "0-".repeat(30_000) + "0", "9".repeat(60_000))) {
            assertThatThrownBy(() -> HostSlots.parse("gpu-1:" + list))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
        }
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
                Preset.named("ssh").start(Preset.named("ssh").program(), List.of("-l", "neuron")),
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

    @Test
    void aContainerHasOneDeviceWhichIsItsFirstAndIsEndedByItsName() {
        Preset docker = Preset.named("docker");
        List<String> program = List.of("docker", "--host", "ssh://{address}");
        Launcher launcher = new Launcher(
                        "gpu",
                        docker.start(program, List.of("--volume=/data:/data")),
                        false,
                        docker.ownCodes(),
                        List.of("neuron"),
                        Map.of(),
                        docker.end(program),
                        false,
                        Map.of("image", "neurontp:0.1.0"))
                .withGpus(docker.gpus());
        Placement placement = new Placement(
                        List.of(new Place("gpu-1", "10.0.0.1", 0, launcher, Map.of())), Duration.ofSeconds(15))
                .named("p-1");
        Placement.Rank rank = new Placement.Rank(0, 1, 3);
        assertThat(String.join(" ", placement.line(rank, List.of(), List.of(), Map.of())))
                .startsWith("docker --host ssh://10.0.0.1 run --interactive --rm --name=neuron-p-1-0 ")
                .endsWith(
                        " --entrypoint= --gpus=device=3 --volume=/data:/data neurontp:0.1.0 neuron --agent --token-stdin"
                                + " --lease 15s -- neuron");
        assertThat(placement.deviceInside(rank)).isZero();
        EndCommand end = placement.end(rank).orElseThrow();
        assertThat(end.line()).isEqualTo("docker --host ssh://10.0.0.1 rm --force neuron-p-1-0");
        assertThat(end.proves()).isTrue();
        Placement.Rank beside = new Placement.Rank(0, 1, 3, "-comm-id");
        assertThat(placement.end(beside).orElseThrow().line())
                .as("each process has a name of its own")
                .endsWith(" neuron-p-1-0-comm-id");
    }

    @Test
    void whatNeedsNoDeviceIsGivenNoneAndOneThatHasAllCountsAsItsHost() {
        Launcher podman = new Launcher(
                "x",
                Preset.named("podman").start(Preset.named("podman").program(), List.of()),
                false,
                Set.of(),
                List.of("n"),
                Map.of(),
                Optional.empty(),
                false,
                Map.of("image", "i"));
        Place none = new Place("h", "a", 0, podman.withGpus(List.of()), Map.of());
        assertThat(none.launcher().start()).noneMatch(word -> word.contains("device"));
        Place all = new Place("h", "a", 0, podman.withGpus(List.of("--device=nvidia.com/gpu=all")), Map.of());
        assertThat(new Placement(List.of(all), Duration.ofSeconds(15)).deviceInside(new Placement.Rank(0, 1, 3)))
                .isEqualTo(3);
    }

    @Test
    void aStepOfSlurmNeedsAnAllocation() {
        Launcher slurm = new Launcher(
                        "s",
                        Preset.named("slurm").start(Preset.named("slurm").program(), List.of()),
                        false,
                        Set.of(),
                        List.of("n"),
                        Map.of())
                .withGpus(List.of());
        Place place = new Place("h", "a", 0, slurm, Map.of());
        Placement placement = new Placement(List.of(place), Duration.ofSeconds(15));
        assertThatThrownBy(() -> placement.line(new Placement.Rank(0, 1, 0), List.of(), List.of(), Map.of()))
                .hasMessage(
                        "the launcher needs an allocation of Slurm: set launchers.NAME.job, or start the daemon inside"
                                + " salloc or sbatch, which set SLURM_JOB_ID");
    }
}
