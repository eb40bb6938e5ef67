package dev.neurontp.gpu.folder;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A step's process: nothing here waits for it without a bound, since a driver that hangs in the kernel ends nothing. */
final class RunningStep {
    /** From SIGTERM to SIGKILL: a validation reports what it has found. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration AFTER_KILL = Duration.ofSeconds(1);

    private final ChildProcess child;
    private final Step step;

    private RunningStep(ChildProcess child, Step step) {
        this.child = child;
        this.step = step;
    }

    /** Starts it; its stdout and stderr go to files of the report, and its stdin is empty. */
    static RunningStep start(Step step, Path report) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(step.command());
        builder.directory(report.toFile());
        builder.environment().putAll(step.environment());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(report.resolve(step.output()).toFile());
        builder.redirectError(report.resolve(step.name() + ".stderr.txt").toFile());
        return new RunningStep(ChildProcess.start(builder), step);
    }

    /** Waits for its end, or ends it when its time, or that of the whole run, is over. */
    StepEnd end(Deadline run) throws InterruptedException {
        Deadline deadline = run.within(step.bound());
        if (child.process().waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return ended(deadline.elapsed());
        }
        boolean gone = stop();
        return new StepEnd(
                StepEnd.State.TIMED_OUT,
                deadline.elapsed(),
                "it may take " + Durations.time(deadline.limit())
                        + (gone
                                ? " and was ended"
                                : "; SIGKILL does not end pid "
                                        + child.process().pid() + ": see its state in /proc, and dmesg"));
    }

    private StepEnd ended(Duration took) {
        int code = child.process().exitValue();
        if (code == 0) {
            return new StepEnd(StepEnd.State.PASSED, took, "");
        }
        return new StepEnd(
                code == step.notRun() ? StepEnd.State.NOT_RUN : StepEnd.State.FAILED, took, "exit code " + code);
    }

    /** SIGTERM, then SIGKILL to it and to all that it has started; whether it is gone. */
    boolean stop() throws InterruptedException {
        List<ProcessHandle> below = child.process().descendants().toList();
        child.terminate();
        boolean gone = child.process().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        if (!gone) {
            gone = child.kill(Deadline.in(AFTER_KILL));
        }
        below.forEach(ProcessHandle::destroyForcibly);
        return gone;
    }
}
