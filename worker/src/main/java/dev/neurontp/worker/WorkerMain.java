package dev.neurontp.worker;

import dev.neurontp.worker.comm.CommIdStderr;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.os.DefaultSignals;
import dev.neurontp.worker.os.Descriptor;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.HardExit;
import dev.neurontp.worker.os.ProcessExit;
import dev.neurontp.worker.os.ProcessTitle;
import dev.neurontp.worker.os.StandardInput;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The program behind {@code neuron --worker} and {@code neuron --comm-id}. */
public final class WorkerMain {
    private WorkerMain() {}

    /** Runs as the arguments say and exits the process with one of {@link ExitCode}. */
    public static void main(String[] arguments) throws InterruptedException {
        int code = run(arguments, System.getenv());
        Stderr.flush();
        if (code != ExitCode.OK) {
            ProcessExit.with(code);
        }
        // Only daemon threads are left, so returning is the exit with 0, without the logging that System.exit brings
        // in.
    }

    private static int run(String[] arguments, Map<String, String> environment) throws InterruptedException {
        Log.Level level;
        CommandLine asked;
        try {
            level = Log.Level.from(environment);
            asked = CommandLineParser.parse(arguments, environment);
        } catch (UsageException | IllegalArgumentException e) {
            return wrongUsage(e);
        }
        return run(asked, level);
    }

    private static int run(CommandLine asked, Log.Level level) throws InterruptedException {
        try {
            // By instanceof: a switch over types costs 10 ms the first time.
            if (asked instanceof CommandLine.Serve serve) {
                return serve(serve, level);
            }
            if (asked instanceof CommandLine.CreateCommId create) {
                return createCommId(create, level);
            }
            return print(asked instanceof CommandLine.Version ? HelpText.version() : HelpText.help());
        } catch (UsageException e) {
            return wrongUsage(e);
        } catch (IOException e) {
            Stderr.say("neuron: stdout cannot be written: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private static int wrongUsage(Exception e) {
        Stderr.say("neuron: " + e.getMessage());
        return ExitCode.USAGE;
    }

    private static int serve(CommandLine.Serve asked, Log.Level level) throws UsageException, InterruptedException {
        Log log = Log.toStderr(level, "rank=" + asked.identity().rank());
        log.takeOverStderr();
        DefaultSignals.use();
        RankTitle.show(asked.identity(), System.getenv());
        Rank rank = new Rank(asked.identity(), asked.stage(), open(asked), log);
        ShutdownWatchdog ending = new ShutdownWatchdog(
                rank, ShutdownWatchdog.Bounds.DEFAULT, WireStdout::hasNoReader, WorkerMain::exitNow, log);
        InputStream stdin = new StandardInput();
        ServeLoop loop = new ServeLoop(
                stdin, WireStdout::open, rank, ending, () -> new Descriptor(StandardInput.number()).hasNoWriter(), log);
        int code = loop.run();
        if (!ending.finish()) {
            log.warn("the group cannot be left: exiting without that");
            exitNow(code);
        }
        return code;
    }

    private static Communicator open(CommandLine.Serve asked) throws UsageException {
        try {
            return asked.communicator().open(asked.identity(), System.getenv());
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static void exitNow(int code) {
        Stderr.flush();
        HardExit.now(code);
    }

    private static int createCommId(CommandLine.CreateCommId asked, Log.Level level)
            throws UsageException, IOException {
        Log log = Log.toStderr(level, "comm-id");
        log.takeOverStderr();
        ProcessTitle.show("neuron: comm-id", "neuron comm-id");
        try (Rendezvous rendezvous = rendezvous(asked)) {
            saySimulation(asked);
            print(rendezvous.commId() + "\n");
            log.debug("serving the rendezvous until stdin ends");
            return awaitEndOfStdin();
        } catch (CommunicatorException e) {
            saySimulation(asked);
            Stderr.say(CommIdStderr.line(e));
            return ExitCode.COULD_NOT_RUN;
        }
    }

    /** Before all else: whoever has the comm_id may be asked at once what it is of. */
    private static void saySimulation(CommandLine.CreateCommId asked) {
        if (asked.communicator().isSimulated()) {
            Stderr.say(CommIdStderr.simulation());
        }
    }

    private static Rendezvous rendezvous(CommandLine.CreateCommId asked) throws UsageException, CommunicatorException {
        try {
            return asked.communicator().serve(System.getenv());
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static int awaitEndOfStdin() {
        try (InputStream stdin = new StandardInput()) {
            stdin.transferTo(OutputStream.nullOutputStream());
            return ExitCode.OK;
        } catch (IOException e) {
            Stderr.say("neuron: stdin cannot be read: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private static int print(String text) throws IOException {
        try (OutputStream out = WireStdout.open()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return ExitCode.OK;
    }
}
