package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.daemon.settings.SettingsReader;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.doctor.StartChecks;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        if (!NCCL.equals(communicator(options, environment))) {
            return;
        }
        List<String> obstacles = known.of(options.size(), options.devices());
        if (!obstacles.isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "this host cannot start a pool of " + options.size() + " over NCCL:\n"
                            + String.join("\n", obstacles),
                    "tpctl doctor --size " + options.size() + " says more; --skip-doctor starts it all the same.");
        }
    }

    /** As the daemon will decide; what is wrong with its settings it says itself. */
    private static String communicator(UpOptions options, Map<String, String> environment) {
        if (options.communicator().isPresent()) {
            return options.communicator().get();
        }
        try {
            Optional<Path> file = options.config()
                    .or(() -> Optional.ofNullable(environment.get("NEURON_CONFIG"))
                            .filter(text -> !text.isBlank())
                            .map(Path::of));
            return SettingsReader.read(file, environment, List.of()).get(DaemonSettings.COMMUNICATOR);
        } catch (SettingsException _) {
            return "";
        }
    }
}
