package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.doctor.StartChecks;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.Map;

/** Keeps a pool over NCCL from being started where this host's files say that it will fail. */
final class StartGate {
    private static final String NCCL = "nccl";

    private StartGate() {}

    /** What is known against a pool of that size on these devices. */
    @FunctionalInterface
    interface Obstacles {
        List<String> of(int size, List<Long> devices) throws InterruptedException;
    }

    /**
     * Returns where nothing is known against a start.
     *
     * @throws CommandException with every reason
     */
    static void pass(UpOptions options, Map<String, String> environment) throws InterruptedException {
        pass(options, environment, StartChecks::obstacles);
    }

    static void pass(UpOptions options, Map<String, String> environment, Obstacles known) throws InterruptedException {
        // The hosts of a pool are looked at by HostGate; this one needs neither a GPU nor NCCL then.
        if (options.pool().hosts().isPresent() || !NCCL.equals(communicator(options, environment))) {
            return;
        }
        int size = options.pool().worldSize();
        List<String> obstacles = known.of(size, options.pool().devices().orElseGet(List::of));
        if (!obstacles.isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "this host cannot start a pool of " + size + " over NCCL:\n" + String.join("\n", obstacles),
                    "tpctl doctor --size " + size + " says more; --skip-doctor starts it all the same.");
        }
    }

    /** As the daemon will decide; what is wrong with its settings it says itself. */
    static String communicator(UpOptions options, Map<String, String> environment) {
        return options.pool()
                .communicator()
                .or(() -> options.settings(environment).map(settings -> settings.get(DaemonSettings.COMMUNICATOR)))
                .orElse("");
    }
}
