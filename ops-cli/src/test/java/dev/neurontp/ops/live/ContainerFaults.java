package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults over containers of this host's engine. Their image is empty: they have this host's programs, read only. */
abstract class ContainerFaults extends LauncherFaults {
    private static final String IMAGE = "neurontp-launched:test";

    /** Loads the empty image, or skips the tests. */
    static void require(List<String> program) throws IOException, InterruptedException {
        assumeTrue(Programs.onPath(program.getFirst()).isPresent(), "there is no " + program.getFirst());
        List<String> load = List.of("sh", "-c", "tar -cf - -T /dev/null | \"$@\"", "load");
        assumeTrue(
                Programs.runs(Stream.of(load, program, List.of("import", "-", IMAGE))
                        .flatMap(List::stream)
                        .toList()),
                program.getFirst() + " has no engine that runs here");
    }

    /** Whether a container can be run with those options. */
    static void requireRun(List<String> program, List<String> options) throws InterruptedException {
        assumeTrue(
                Programs.runs(Stream.of(
                                program,
                                List.of("run", "--rm", "--network=host", "--entrypoint="),
                                options,
                                List.of(IMAGE, "true"))
                        .flatMap(List::stream)
                        .toList()),
                program.getFirst() + " runs no container here");
    }

    @Test
    void theJudgeJudgesAWorkerThatItCarries() {
        LaunchedJudge.judges(
                line -> ProgramProcess.command(environment(), line),
                Stream.of(
                                program(),
                                // In place of --init, for which Podman wants a program of another package: as process 1
                                // no worker ends by SIGTERM.
                                List.of("run", "-i", "--rm", "--pid=host", "--network=host", "--entrypoint="),
                                limits(),
                                volumes(),
                                List.of(IMAGE))
                        .flatMap(List::stream)
                        .toList());
    }

    /** As where a volume does not answer: the container is there, and nothing was heard of it. */
    @Test
    void aContainerOfWhichNothingWasHeardIsRemoved() {
        try (ProgramProcess create = ProgramProcess.command(
                        environment(),
                        List.of(
                                Programs.tpctl(),
                                "create",
                                "--launcher",
                                "hanging",
                                "--hosts",
                                "h1:0-1",
                                "--name",
                                "hangs"))
                .closeStdin()) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).hasSize(2));
            ProgramProcess delete = tpctl("delete", "hangs");
            assertThat(workers()).as(delete.stdout() + delete.stderr()).isEmpty();
            assertThat(containers()).isEmpty();
            create.exitCode();
        }
    }

    /** By its name it is not there any more, and with its processes stopped it does not end by itself. */
    @Test
    void aContainerThatSomebodyHasRenamedIsEndedAllTheSame() {
        String pool = create(good(), TWO_HOSTS, RANKS);
        Signals.send("STOP", agent(2));
        Signals.send("STOP", worker(2));
        String name = "neuron-" + pool + "-2";
        ProgramProcess rename =
                ProgramProcess.command(environment(), Programs.concat(program(), "rename", name, "somebodys-" + pool));
        assertThat(rename.exitCode()).as(rename.stderr()).isZero();
        assertThat(tpctl("kill", pool).exitCode()).isZero();
        assertThat(gone(status(pool), 2)).isTrue();
        assertThat(workers()).isEmpty();
        assertThat(containers("somebodys-")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aLookThatASignalEndsLeavesNoContainer(String signal) {
        try (ProgramProcess look = ProgramProcess.command(
                environment(),
                List.of(
                        Programs.tpctl(),
                        "preflight",
                        "--config",
                        config().toString(),
                        "--hosts",
                        "h1:0",
                        "--launcher",
                        "hanging"))) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(containers()).isNotEmpty());
            look.signal(signal);
            assertThat(look.exitCode())
                    .isEqualTo(Map.of("INT", 130, "TERM", 143, "HUP", 129).get(signal));
            assertThat(containers()).isEmpty();
            assertThat(workers()).isEmpty();
        }
    }

    @Test
    void aLookThatHangsLeavesNoContainer() {
        ProgramProcess look =
                tpctl("preflight", "--config", config().toString(), "--hosts", "h1:0", "--launcher", "hanging");
        assertThat(look.exitCode()).as(look.stderr()).isEqualTo(1);
        assertThat(workers()).isEmpty();
        assertThat(containers()).isEmpty();
    }

    /** Those that were created and never ran too. */
    private List<String> containers() {
        return containers("neuron-");
    }

    private List<String> containers(String named) {
        ProgramProcess listed = ProgramProcess.command(
                environment(),
                Programs.concat(program(), "ps", "--all", "--filter=name=" + named, "--format={{.Names}}"));
        assertThat(listed.exitCode()).as(listed.stderr()).isZero();
        return listed.stdout();
    }

    /** The preset's name. */
    abstract String preset();

    abstract List<String> program();

    /** What of this host's limits a container has to be told here. */
    abstract List<String> limits();

    static List<String> volumes() {
        List<String> volumes = new ArrayList<>();
        for (Path path : List.of(
                Path.of("/usr"),
                Path.of("/bin"),
                Path.of("/lib"),
                Path.of("/lib64"),
                Path.of(System.getProperty("java.home")),
                Programs.root())) {
            if (path.toFile().exists()) {
                volumes.add("--volume=" + path + ":" + path + ":ro");
            }
        }
        volumes.add("--tmpfs=/tmp");
        return volumes;
    }

    @Override
    String[] rankSettings() {
        return new String[] {"JAVA_HOME=" + System.getProperty("java.home"), "PATH=/usr/bin:/bin"};
    }

    @Override
    String good() {
        return "containers";
    }

    @Override
    boolean provesEnd() {
        return true;
    }

    @Override
    String launchers() {
        return launcher("containers", Programs.neuron(), IMAGE)
                + launcher("missing", "/no/such/neuron", IMAGE)
                + launcher("hanging", "/bin/sh\", \"-c\", \"exec sleep 600", IMAGE)
                + launcher("imageless", Programs.neuron(), "neurontp-launched:none")
                + "[hosts]\nh1.address = \"127.0.0.1\"\nh2.address = \"127.0.0.2\"\n";
    }

    private String launcher(String name, String neuron, String image) {
        List<String> options = new ArrayList<>(volumes());
        options.addAll(limits());
        options.add("--pull=never");
        return launcher(
                name,
                preset(),
                neuron,
                "program = " + toml(program()),
                "options = " + toml(options),
                "image = \"" + image + "\"");
    }

    @Override
    Map<String, String> wrong() {
        return Map.of("missing", "/no/such/neuron", "imageless", "neurontp-launched:none");
    }
}
