package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.process.LogText;
import dev.neurontp.conformance.report.LogWriter;
import dev.neurontp.conformance.report.TerminalReport;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.ops.console.Interruption;
import dev.neurontp.ops.console.OutputFolder;
import dev.neurontp.ops.console.QueuedOutput;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ProcessExit;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description =
                "Starts COMMAND... --worker --rank R --tp-size N --cuda-device D as often as it needs, and judges it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 no MUST failed; 1 one did, a known failure is stale, or the worker grew in",
            "the soak; 2 usage; 3 the worker could not be judged at all, which is never a pass;",
            "4 --max-time ran out; 130 interrupted."
        })
final class RunCommand implements Callable<Integer> {
    private static final int SIGINT = 2;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description =
                    "The worker's command, after --. Any program in any language: -- docker run -i --rm IMAGE neuron")
    List<String> command = List.of();

    @Mixin
    JudgeOptions judge;

    @Mixin
    ReportOptions output;

    @ParentCommand
    private ConformanceCommand parent;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        try {
            return run(judge.of(command));
        } catch (UsageException e) {
            throw new ParameterException(spec.commandLine(), LogText.of(e.getMessage()), e);
        }
    }

    private int run(RunOptions options) {
        Terminal real = parent.terminal();
        QueuedOutput queue = new QueuedOutput(real.out());
        Terminal terminal = new Terminal(new PrintWriter(queue), real.err(), real.live(), real.colours());
        Listener progress = output.quiet() ? Listener.NONE : new RunProgress(terminal, output.trace());
        ConformanceRun run = new ConformanceRun(options, progress);
        RunOutputs.requirePlace(output.report(), output.writeKnownFailures(), options.knownFailures());
        if (!output.quiet()) {
            terminal.line("seed " + options.seed() + ", " + options.tries() + " tries a property");
        }
        Deadline time = Deadline.in(options.maxTime().plus(options.soak()));
        AtomicBoolean stopped = new AtomicBoolean();
        Interruption interruption = Interruption.watch(() -> {
            stopped.set(true);
            run.stop(ConformanceRun.INTERRUPTED);
        });
        int code;
        boolean read;
        try {
            code = reported(run.run(), terminal);
        } finally {
            read = queue.finish(() -> stopped.get() || time.expired());
            interruption.done();
        }
        return read ? code : unread(code);
    }

    /** The files first, which need no reader. One that cannot be written turns only a pass into 3; any other outcome stays. */
    private int reported(RunReport found, Terminal terminal) {
        String failed = written(found);
        new TerminalReport(terminal.out(), terminal.colours(), output.detail()).print(found);
        LogWriter log = new LogWriter(terminal.out(), false);
        if (!failed.isEmpty()) {
            log.line("the report could not be written to " + output.places() + ": " + failed + ". Give another place");
            log.flush();
            return exitCode(found.outcome() == Outcome.PASSED ? Outcome.NOT_JUDGED : found.outcome());
        }
        Path known = output.writeKnownFailures();
        if (!output.quiet()) {
            RunOutputs.name(output.report(), found.isWhole() ? known : null, log);
        }
        if (known != null && !found.isWhole()) {
            RunOutputs.nameKept(known, log);
        }
        return exitCode(found.outcome());
    }

    /** Why not all could be; empty where all was. */
    private String written(RunReport found) {
        try {
            RunOutputs.write(found, output.report(), output.writeKnownFailures());
            return "";
        } catch (IOException e) {
            return OutputFolder.reason(e);
        }
    }

    /** At once: whatever else prints would wait for that reader, too. */
    private static int unread(int code) {
        Stderr.say("tpctl conformance run: not all could be printed: nobody reads stdout, and --max-time is over");
        Stderr.flush();
        int ended = code == ExitCode.OK ? ExitCode.TIMED_OUT : code;
        ProcessExit.with(ended);
        return ended;
    }

    /** The judge shares no code with what it judges, so its outcome becomes an exit code only here. */
    static int exitCode(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> ExitCode.OK;
            case FAILED -> ExitCode.FAILED;
            case NOT_JUDGED -> ExitCode.COULD_NOT_RUN;
            case OUT_OF_TIME -> ExitCode.TIMED_OUT;
            case INTERRUPTED -> ExitCode.signal(SIGINT);
        };
    }
}
