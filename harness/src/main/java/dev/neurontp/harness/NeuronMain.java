package dev.neurontp.harness;

import dev.neurontp.harness.text.LogStream;
import dev.neurontp.worker.WireStdout;
import dev.neurontp.worker.WorkerMain;
import dev.neurontp.worker.os.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** The node's program in the modes that are not a worker's: the one-shot check and the daemon. */
public final class NeuronMain {
    private static final List<String> WORKER_MODES = List.of("--worker", "--comm-id");

    private NeuronMain() {}

    /** Runs as the arguments say and exits the process with one of {@link ExitCode}. */
    public static void main(String[] arguments) throws InterruptedException {
        if (List.of(arguments).stream().anyMatch(WORKER_MODES::contains)) {
            WorkerMain.main(arguments);
            return;
        }
        LogStream.install();
        Stdout stdout = new Stdout(WireStdout.open());
        PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(out, err, arguments);
        out.flush();
        System.exit(stdout.finish("neuron", err, exitCode, ExitCode.FAILED));
    }

    /** Runs the program in this JVM: returns the exit code and writes to the given writers. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new NeuronCommand())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, _) -> {
                    err.println("neuron: " + e.getMessage());
                    err.println("Run neuron --help for the options.");
                    return ExitCode.USAGE;
                })
                .execute(arguments);
    }
}
