package dev.neurontp.ops.preflight;

import dev.neurontp.harness.launch.Preset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A launcher that is known by name needs no settings. */
public final class KnownLaunchers {
    private KnownLaunchers() {}

    /** What has to stand in a daemon's environment for it, where no settings file is named that has launchers of its own. */
    public static Map<String, String> settings(Optional<String> launcher, boolean configured) {
        return launcher.filter(name -> !configured
                        && !name.equals(Preset.EXEC)
                        && Preset.names().contains(name))
                .map(name -> Map.of("NEURON_LAUNCHERS__" + name.toUpperCase(Locale.ROOT) + "__PRESET", name))
                .orElseGet(Map::of);
    }

    /** {@code environment} with that; what is there stays. */
    public static Map<String, String> in(
            Map<String, String> environment, Optional<String> launcher, boolean configured) {
        Map<String, String> all = new HashMap<>(settings(launcher, configured));
        all.putAll(environment);
        return all;
    }
}
