package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Processes of the program {@code check/rank.c}, which the test ends. */
final class RankProcesses {
    private final List<Process> started = new ArrayList<>();

    /** What a process wrote, and how it ended. */
    record Ended(int exit, String stdout, Map<String, String> told) {}

    void killAll() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    Process first() {
        return started.getFirst();
    }

    List<Ended> runAll(int world, Map<String, String> environment) throws Exception {
        String id = serveId();
        List<Process> ranks = new ArrayList<>();
        for (int rank = 0; rank < world; rank++)
            ranks.add(start(environment, Integer.toString(rank), Integer.toString(world), Integer.toString(rank), id));
        List<Ended> ended = new ArrayList<>();
        for (Process rank : ranks) ended.add(end(rank));
        return ended;
    }

    Ended runOne(Map<String, String> environment, String... arguments) throws Exception {
        return end(start(environment, arguments));
    }

    /** Of a process that goes on serving it. */
    String serveId() throws IOException {
        return start(Map.of(), "serve").inputReader().readLine();
    }

    Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(SimulatedLibraries.RANK.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("NCCL_") || name.startsWith("NEURONTP_SIM_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    static Ended end(Process process) throws Exception {
        Map<String, String> told = process.errorReader()
                .lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (_, last) -> last));
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), stdout, told);
    }
}
