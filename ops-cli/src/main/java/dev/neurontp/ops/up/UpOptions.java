package dev.neurontp.ops.up;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.daemon.settings.SettingsReader;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.preflight.KnownLaunchers;
import dev.neurontp.ops.preflight.SettingsFile;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be brought up.
 *
 * @param config the daemon's settings file
 * @param port of the daemon, 0 for a free one; empty for what its settings say, or a free one where they do not
 * @param timeout how long the daemon and the pool may take, each
 * @param fromFile whether the pool stands in a file, and not in options
 */
record UpOptions(PoolRequest pool, Optional<Path> config, Optional<Integer> port, Duration timeout, boolean fromFile) {
    private static final int ANY_FREE = 0;

    UpOptions {
        requireNonNull(pool, "pool is null");
        requireNonNull(config, "config is null");
        requireNonNull(port, "port is null");
        requireNonNull(timeout, "timeout is null");
    }

    /** The daemon's settings as it will read them; empty where something is wrong with them, which it says itself. */
    Optional<Settings> settings(Map<String, String> environment) {
        try {
            return Optional.of(read(environment));
        } catch (SettingsException _) {
            return Optional.empty();
        }
    }

    /**
     * The same where there will be no daemon to say it.
     *
     * @throws CommandException with what is wrong
     */
    Settings requireSettings(Map<String, String> environment) {
        try {
            return read(environment);
        } catch (SettingsException e) {
            throw new CommandException(ExitCode.USAGE, e.getMessage(), "neuron --print-config shows the settings.", e);
        }
    }

    private Settings read(Map<String, String> environment) throws SettingsException {
        return KnownLaunchers.read(file(environment), withCommand(environment), pool.launcher());
    }

    private Optional<Path> file(Map<String, String> environment) {
        return SettingsFile.of(config, environment);
    }

    private Map<String, String> withCommand(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(command());
        return all;
    }

    /** What its environment says of a launcher that its settings do not have; nothing where they cannot be read. */
    Map<String, String> launcher(Map<String, String> environment) {
        if (pool.launcher().isEmpty()) {
            return Map.of();
        }
        try {
            Settings own = SettingsReader.read(file(environment), withCommand(environment), List.of());
            return KnownLaunchers.beside(own, pool.launcher());
        } catch (SettingsException _) {
            return Map.of(); // what is wrong the daemon says itself
        }
    }

    /** What its environment says of the pool's command: the daemon has this one pool, so it needs no other. */
    Map<String, String> command() {
        return pool.command()
                .map(words ->
                        Map.of(DaemonSettings.COMMANDS.variable(), DaemonSettings.COMMANDS.toToml(List.of(words))))
                .orElseGet(Map::of);
    }

    /** What the daemon is told in addition to its settings; empty where they name a port and nobody else does. */
    Optional<Integer> port(Map<String, String> environment) {
        return port.or(() -> settings(environment)
                .filter(settings -> settings.isDefault(DaemonSettings.HTTP_PORT))
                .map(_ -> ANY_FREE));
    }
}
