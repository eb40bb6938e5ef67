package dev.neurontp.ops;

import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.ops.doctor.StartChecks;
import java.util.List;

/**
 * Runs the most frequent commands on a daemon of its own, in one process. The build runs it to create tpctl's AOT
 * cache, which holds what is loaded and linked here.
 */
final class AotTraining {
    private static final List<List<String>> COMMANDS =
            List.of(List.of("ls"), List.of("status"), List.of("ping"), List.of("logs"), List.of("events"));

    private AotTraining() {}

    public static void main(String[] arguments) throws InterruptedException {
        // Before a pool over NCCL, which this host may not be able to start.
        StartChecks.outcomes(2, List.of());
        System.exit(Tpctl.onThisProcess(AotTraining::train));
    }

    private static int train(Terminal terminal) {
        int status = run(terminal, List.of("demo"));
        status |= run(terminal, List.of("up", "--detach", "--communicator", "loopback"));
        try {
            for (List<String> command : COMMANDS) {
                status |= run(terminal, command);
            }
            // A refusal has classes of its own.
            run(terminal, List.of("status", "no-such-pool"));
        } finally {
            status |= run(terminal, List.of("shutdown", "--all"));
        }
        return status;
    }

    private static int run(Terminal terminal, List<String> command) {
        return Tpctl.run(
                terminal,
                RuntimeFolders.of(System.getenv()),
                StateFolders.of(System.getenv()),
                command.toArray(String[]::new));
    }
}
