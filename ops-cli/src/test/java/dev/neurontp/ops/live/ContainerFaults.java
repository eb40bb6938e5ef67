package dev.neurontp.ops.live;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
                + launcher("imageless", Programs.neuron(), "neurontp-launched:none")
                + "[hosts]\nh1.address = \"127.0.0.1\"\nh2.address = \"127.0.0.1\"\n";
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
