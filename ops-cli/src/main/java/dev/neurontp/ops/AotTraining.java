package dev.neurontp.ops;

import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.ops.doctor.StartChecks;
import dev.neurontp.worker.os.HardExit;
import dev.neurontp.worker.os.SocketTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the most frequent commands in one process. The build runs it to create tpctl's AOT caches, which hold what is loaded and
 * linked here: with {@code asks} those that ask a daemon that is there, else those that do more. It looks for daemons as in the session of a
 * person, whose home is three folders above {@code NEURON_RUNTIME_DIR}: what is not trained takes a command a quarter of its time.
 */
final class AotTraining {
    /** The name of the pool that the build has brought up. */
    private static final String POOL = "training";

    private static final List<List<String>> ASKS = List.of(
            List.of("ls"),
            List.of("ls", "-o", "json"),
            List.of("status"),
            List.of("describe", POOL),
            List.of("wait", "--for", "ready", POOL),
            List.of("ping"),
            List.of("logs"),
            List.of("events"),
            List.of("--version"));

    /** What is asked where no daemon lives. */
    private static final List<List<String>> AFTER = List.of(List.of("ls"), List.of("ls", "--all"), List.of("status"));

    private static final int LONGEST_EXIT_SECONDS = 60;

    private final Terminal terminal;
    private final RuntimeFolders folders;
    private final StateFolders states;

    private AotTraining(Terminal terminal, Map<String, String> environment, Path home) {
        this.terminal = terminal;
        this.folders = RuntimeFolders.of(environment, home);
        this.states = StateFolders.ofHome(environment);
    }

    public static void main(String[] arguments) throws InterruptedException, IOException {
        boolean asks = List.of(arguments).contains("asks");
        if (!asks) {
            // Before a pool over NCCL, which this host may not be able to start.
            StartChecks.outcomes(2, List.of());
        }
        // As ssh without a terminal gives for stdout.
        SocketTraining.run();
        Path home = RuntimeFolders.homeOf(Path.of(System.getenv(RuntimeFolder.VARIABLE)));
        // What systemd gives a login session, which cron has not.
        Map<String, String> session = Map.of(
                "HOME", home.toString(), "XDG_RUNTIME_DIR", home.resolve("run").toString());
        int status = Tpctl.onThisProcess(terminal -> asks
                ? new AotTraining(terminal, session, home).ask(home)
                : new AotTraining(terminal, Map.of("HOME", home.toString()), home).act());
        if (!asks) {
            // The call into the C library by which up --detach ends.
            HardExit.ifExitTakesLonger(LONGEST_EXIT_SECONDS);
        }
        Tpctl.exit(status);
    }

    private int ask(Path home) {
        Tpctl.prepare("ls");
        Tpctl.prepare("ping");
        int status = 0;
        for (List<String> command : ASKS) {
            status |= run(command);
        }
        // A refusal has classes of its own.
        run(List.of("status", "no-such-pool"));
        status |= Tpctl.program(RuntimeFolders.of(System.getenv()), StateFolders.of(System.getenv()), "ls")
                .applyAsInt(terminal);
        status |= run(List.of("shutdown", "--all"));
        AFTER.forEach(this::run);
        // Of somebody who never had a daemon.
        Map<String, String> nobody = Map.of("HOME", home.resolve("nobody").toString());
        AFTER.forEach(new AotTraining(terminal, nobody, home)::run);
        return status;
    }

    private int act() {
        return run(List.of("demo"))
                | run(List.of("up", "--detach", "--communicator", "loopback"))
                | run(List.of("shutdown", "--all"));
    }

    private int run(List<String> command) {
        return Tpctl.run(terminal, folders, states, command.toArray(String[]::new));
    }
}
