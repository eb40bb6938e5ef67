package dev.neurontp.ops.container;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.report.TerminalReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The suite inside a container: judges a command by some rules and ends with the run's exit code. */
public final class ContainerMain {

    private ContainerMain() {}

    /** Takes the rules, with commas between them, and then the command. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(Confinement.seen());
        RunOptions options = new RunOptions(
                List.of(arguments).subList(1, arguments.length),
                Optional.empty(),
                "",
                List.of(arguments[0].split(",", -1)),
                List.of(),
                Optional.empty(),
                1,
                20,
                Duration.ofSeconds(10),
                Duration.ofMinutes(3),
                false,
                true,
                2,
                List.of("/neurontp/bin/neuron", "--comm-id", "--communicator", "loopback"),
                List.of(2, 3),
                "tpctl conformance run");
        RunReport report = new ConformanceRun(options, Listener.NONE).run();
        new TerminalReport(
                        new PrintWriter(System.out, true, StandardCharsets.UTF_8), false, TerminalReport.Detail.NORMAL)
                .print(report);
        System.exit(report.outcome().exitCode());
    }
}
