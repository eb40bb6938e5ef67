package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.ExitWords;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.process.OutOfMemory;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.DaemonEndedException;
import dev.neurontp.ops.client.LiveDaemons;
import dev.neurontp.ops.client.OwnerTag;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The daemon that {@code up} started: a process in a session of its own. */
final class DaemonProcess {
    /** By the daemon's own usual bound for its end. */
    static final Duration END = endAfter(DaemonSettings.STOP.fallback());

    /** For the kernel to end it after SIGKILL. */
    static final Duration LAST = Duration.ofSeconds(5);

    private static final long LOOK_MILLIS = 20;
    private static final int SIGKILL = 9;
    private static final String MORE_MEMORY =
            "Let its control group have more memory (memory.max, in version 1 memory.limit_in_bytes), or end what else it holds.";
    private static final String UNREACHED = "Its log cannot be looked at: read it when its file system answers.";
    private static final int KILLED = ExitCode.signal(SIGKILL);

    private final Process process;
    private final Optional<Path> log;
    private final Duration end;
    private final Optional<OutOfMemory> memory;

    DaemonProcess(Process process, Optional<Path> log, Duration end) {
        this.process = process;
        this.memory = OutOfMemory.watch(process.pid());
        this.log = log;
        this.end = end;
    }

    /**
     * Starts it. Its log goes to the file, or without one to our own stderr. Until {@link #detach} it stops when this
     * process is gone, by SIGKILL too: its stdin is a pipe that only we hold.
     */
    static DaemonProcess start(UpOptions options, Optional<Path> log) {
        List<String> command = new ArrayList<>(NeuronLauncher.neuron());
        options.config().ifPresent(file -> command.addAll(List.of("--config", file.toString())));
        options.port(System.getenv()).ifPresent(port -> command.addAll(List.of("--port", Integer.toString(port))));
        command.add("--stop-on-stdin-eof");
        if (log.isPresent()) {
            // It is left behind: nobody of ours sees the end of its pool that another one asks for.
            command.add("--stop-with-last-pool");
        }
        ProcessBuilder builder = new ProcessBuilder(SetSid.before(command))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(log.map(file -> Redirect.appendTo(file.toFile())).orElse(Redirect.INHERIT));
        builder.environment().put(OwnerTag.VARIABLE, log.map(Path::toString).orElse(OwnerTag.FOREGROUND));
        if (log.isEmpty()) {
            // Its log comes to the same terminal, where we tell that.
            builder.environment().put(DaemonSettings.LOG_FAILURES.variable(), "false");
        }
        builder.environment().putAll(options.command());
        builder.environment().putAll(options.launcher(System.getenv()));
        try {
            return new DaemonProcess(ChildProcess.start(builder).process(), log, end(options));
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the daemon cannot be started: " + e.getMessage(),
                    "Check " + command.getFirst(),
                    e);
        }
    }

    /** How long its end may take, by the settings that it reads: it may have commands to run on other hosts. */
    private static Duration end(UpOptions options) {
        return options.settings(System.getenv())
                .map(settings -> endAfter(settings.get(DaemonSettings.STOP)))
                .orElse(END);
    }

    /** Longer than the bound that the daemon keeps itself. */
    private static Duration endAfter(Duration stop) {
        return stop.plusSeconds(5);
    }

    /** Waits until its runtime file, among those of {@code live}, says where it listens. */
    DaemonFile listening(LiveDaemons live, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            boolean late = System.nanoTime() > deadline; // of the time before this looks, if it stood still meanwhile
            Optional<DaemonFile> file = live.of(process.pid());
            if (file.isPresent()) {
                return file.get();
            }
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw endedAtStart(process.exitValue());
            }
            if (late) {
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        "the daemon (pid " + process.pid() + ") wrote no runtime file into " + live.places()
                                + " within " + Durations.measured(timeout),
                        "Give it longer with --timeout. Does its settings file set another runtime_dir?"
                                + " Then set NEURON_RUNTIME_DIR for both.");
            }
        }
    }

    private CommandException endedAtStart(int exitValue) {
        boolean usage = exitValue == ExitCode.USAGE;
        return new CommandException(
                usage ? ExitCode.USAGE : ExitCode.COULD_NOT_RUN,
                "the daemon ended at its start; its end: " + endWords(exitValue),
                switch (content()) {
                            case EMPTY ->
                                "It wrote nothing into its log. Start bin/neuron in this terminal to see why.";
                            case WORDS ->
                                "Its message is above" + (usage ? "; neuron --print-config shows its settings." : ".");
                            case UNKNOWN -> UNREACHED;
                        }
                        + log.map(UpLog::lackOfRoom).orElse(""));
    }

    private UpLog.Content content() {
        return log.map(UpLog::content).orElse(UpLog.Content.WORDS);
    }

    /** From now on it stays when this process ends. */
    void detach() {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write('\n');
        } catch (IOException e) {
            throw new DaemonEndedException("the daemon (pid " + process.pid() + ") ended before it was left to run", e);
        }
    }

    /** Waits for the end of one that was seen to be gone, and says how it ended, and where its words are. */
    CommandException withItsEnd(DaemonEndedException seen) throws InterruptedException {
        OptionalInt exitValue = awaitEnd(LAST);
        return exitValue.isEmpty()
                ? seen
                : new CommandException(
                        seen.exitCode(),
                        seen.getMessage() + "; its end: " + endWords(exitValue.getAsInt()),
                        DaemonEndedException.LEFT + " "
                                + (isOutOfMemory(exitValue.getAsInt()) ? MORE_MEMORY : whereItsWordsAre()),
                        seen);
    }

    private String whereItsWordsAre() {
        if (log.isEmpty()) {
            return "What it has said is above.";
        }
        return switch (content()) {
                    case EMPTY -> "It wrote nothing into its log, which is removed.";
                    case WORDS -> "The last lines of its log are above; the file is removed.";
                    case UNKNOWN -> UNREACHED;
                }
                + log.map(UpLog::lackOfRoom).orElse("");
    }

    /** How it ended; to be asked when that was just seen. */
    String endWords(int exitValue) {
        return isOutOfMemory(exitValue) ? OutOfMemory.WORDS : "exit " + ExitWords.ofChild(exitValue);
    }

    private boolean isOutOfMemory(int exitValue) {
        return exitValue == KILLED && memory.filter(OutOfMemory::justHappened).isPresent();
    }

    boolean alive() {
        return process.isAlive();
    }

    /**
     * SIGTERM: the first takes its pools down in order, the second ends it at once. Java reads /proc before it signals, which it cannot
     * while no descriptor is left; then the end of its stdin takes the daemon down in order.
     */
    void terminate() {
        if (!process.toHandle().destroy()) {
            closeStdin();
        }
    }

    private void closeStdin() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            return; // it has ended
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its end; its exit code as Java has it, empty where it runs on after so long. */
    OptionalInt awaitEnd(Duration most) throws InterruptedException {
        return process.waitFor(most.toNanos(), TimeUnit.NANOSECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /** Whether it hears no signal in this moment: it is stopped, or waits inside the kernel. */
    boolean standsStill() {
        return ProcessIdentity.of(process.pid())
                .filter(ProcessIdentity::standsStill)
                .isPresent();
    }

    /** Takes it down in order, inside a bound. */
    void stop() throws InterruptedException {
        terminate();
        if (!process.waitFor(end.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            process.waitFor(LAST.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
