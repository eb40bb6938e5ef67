package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.preflight.HostFindings;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.preflight.HostChecks;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps a pool on other hosts from being started where one of them is not fit for it. */
final class HostGate {
    private HostGate() {}

    /**
     * Returns where the pool has no other hosts, or nothing is known against them.
     *
     * @throws CommandException with what is wrong, and what to do
     */
    static void pass(UpOptions options, Map<String, String> environment, int columns) throws InterruptedException {
        Optional<Settings> settings = options.settings(environment);
        if (options.pool().hosts().isEmpty() || settings.isEmpty()) {
            return; // what is wrong with its settings the daemon says itself
        }
        List<HostFindings> found = HostChecks.of(
                settings.get(),
                options.pool().launcher().orElseThrow(),
                HostSlots.parseAll(options.pool().hosts().get()),
                StartGate.communicator(options, environment));
        if (found.stream().anyMatch(HostFindings::failed)) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "nothing was started, since not all hosts are fit for it:\n" + HostChecks.text(found, columns),
                    "tpctl preflight shows the same; --skip-preflight starts it all the same.");
        }
    }
}
