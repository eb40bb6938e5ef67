package dev.neurontp.harness;

import dev.neurontp.harness.log.Log;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.LogStream;
import dev.neurontp.harness.usage.CommandLines;
import dev.neurontp.harness.usage.PathConverter;
import dev.neurontp.harness.usage.UsageMessage;
import dev.neurontp.harness.usage.WholeLists;
import dev.neurontp.harness.usage.WholeNumberConverter;
import dev.neurontp.harness.usage.WordConverter;
import dev.neurontp.worker.WireStdout;
import dev.neurontp.worker.WorkerMain;
import dev.neurontp.worker.os.ErrorExit;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.OpenJars;
import dev.neurontp.worker.os.ProcessExit;
import dev.neurontp.worker.os.ProcessTitle;
import dev.neurontp.worker.os.Stderr;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;

/** The node's program in the modes that are not a worker's: the one-shot check and the daemon. */
public final class NeuronMain {
    private static final List<String> WORKER_MODES = List.of("--worker", "--comm-id");

    /** How long the last words on stderr may take. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** What stands before the mode in a list of processes. */
    public static final String TITLE = "neuron: ";

    /** The mode that is neither a worker nor a check. */
    public static final String DAEMON = "daemon";

    private NeuronMain() {}

    /** Runs as the arguments say and exits the process with one of {@link ExitCode}. */
    public static void main(String[] arguments) throws InterruptedException {
        if (List.of(arguments).stream().anyMatch(WORKER_MODES::contains)) {
            WorkerMain.main(arguments);
            return;
        }
        String mode = List.of(arguments).contains("--tp-smoke") ? "tp-smoke" : DAEMON;
        ProcessTitle.show(TITLE + mode, "neuron " + mode);
        OpenJars.now();
        LogStream.install();
        Log.install();
        System.setOut(System.err);
        Stdout stdout = new Stdout(WireStdout.open());
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = ErrorExit.codeOf(() -> run(stdout, err, arguments), said -> err.println("neuron: " + said));
        int finished = stdout.finish("neuron", err, exitCode, ExitCode.COULD_NOT_RUN);
        Stderr.flush(LAST_WORDS);
        ProcessExit.with(finished);
    }

    /** What the program's help and its manual page are made of. */
    public static CommandLine described() {
        return CommandLines.of(new NeuronCommand(OutputStream.nullOutputStream()));
    }

    /** Runs the program in this JVM: returns the exit code and writes to the given stream and writer. */
    static int run(OutputStream stdout, PrintWriter err, String... arguments) {
        PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
        return WholeNumberConverter.registerIn(CommandLines.of(new NeuronCommand(stdout)))
                .registerConverter(Path.class, new PathConverter())
                .registerConverter(String.class, new WordConverter())
                .setExecutionStrategy(new WholeLists())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, _) -> {
                    err.println("neuron: " + ForeignText.lines(UsageMessage.of(e, arguments), ForeignText.MESSAGE));
                    err.println("Run neuron --help for the options.");
                    return ExitCode.USAGE;
                })
                .execute(arguments);
    }
}
