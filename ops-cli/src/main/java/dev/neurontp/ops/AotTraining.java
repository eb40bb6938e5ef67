package dev.neurontp.ops;

import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.ops.doctor.StartChecks;
import dev.neurontp.worker.os.HardExit;
import java.util.List;

/**
 * Runs the most frequent commands in one process. The build runs it to create tpctl's AOT caches, which hold what is loaded and
 * linked here: with {@code asks} those that ask a daemon that is there, else those that do more.
 */
final class AotTraining {
    private static final List<List<String>> ASKS = List.of(
            List.of("ls"),
            List.of("status"),
            List.of("ping"),
            List.of("logs"),
            List.of("events"),
            List.of("--version"));

    private static final int LONGEST_EXIT_SECONDS = 60;

    private AotTraining() {}

    public static void main(String[] arguments) throws InterruptedException {
        boolean asks = List.of(arguments).contains("asks");
        if (!asks) {
            // Before a pool over NCCL, which this host may not be able to start.
            StartChecks.outcomes(2, List.of());
        }
        int status = Tpctl.onThisProcess(asks ? AotTraining::ask : AotTraining::act);
        if (!asks) {
            // The call into the C library by which up --detach ends.
            HardExit.ifExitTakesLonger(LONGEST_EXIT_SECONDS);
        }
        System.exit(status);
    }

    private static int ask(Terminal terminal) {
        int status = 0;
        for (List<String> command : ASKS) {
            status |= run(terminal, command);
        }
        // A refusal has classes of its own.
        run(terminal, List.of("status", "no-such-pool"));
        return status | run(terminal, List.of("shutdown", "--all"));
    }

    private static int act(Terminal terminal) {
        return run(terminal, List.of("demo"))
                | run(terminal, List.of("up", "--detach", "--communicator", "loopback"))
                | run(terminal, List.of("shutdown", "--all"));
    }

    private static int run(Terminal terminal, List<String> command) {
        return Tpctl.run(
                terminal,
                RuntimeFolders.of(System.getenv()),
                StateFolders.of(System.getenv()),
                command.toArray(String[]::new));
    }
}
