package dev.neurontp.ops.preflight;

import dev.neurontp.harness.daemon.settings.LauncherSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.daemon.settings.SettingsReader;
import dev.neurontp.harness.launch.Preset;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A launcher that is known by name needs no settings: where they have none of that name, it is the preset without more. */
public final class KnownLaunchers {
    /** Those that want nothing of the settings, for a person: an engine of containers wants an image. */
    public static final String NAMES = "ssh, slurm, kubectl and local";

    private KnownLaunchers() {}

    /** What has to stand in a daemon's environment for {@code launcher}, in addition to {@code settings}; often nothing. */
    public static Map<String, String> beside(Settings settings, Optional<String> launcher) {
        return launcher.filter(name -> !name.equals(Preset.EXEC)
                        && Preset.names().contains(name)
                        && !LauncherSettings.launchers(settings).contains(name))
                .map(name -> Map.of("NEURON_LAUNCHERS__" + name.toUpperCase(Locale.ROOT) + "__PRESET", name))
                .orElseGet(Map::of);
    }

    /**
     * The settings that a daemon would have, with that.
     *
     * @throws SettingsException when they break a rule
     */
    public static Settings read(Optional<Path> file, Map<String, String> environment, Optional<String> launcher)
            throws SettingsException {
        Settings settings = SettingsReader.read(file, environment, List.of());
        Map<String, String> more = beside(settings, launcher);
        if (more.isEmpty()) {
            return settings;
        }
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return SettingsReader.read(file, all, List.of());
    }
}
