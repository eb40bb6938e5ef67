package dev.neurontp.harness.daemon.settings;

import static java.util.Map.entry;

import dev.neurontp.harness.launch.Launcher;
import dev.neurontp.harness.launch.Preset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings whose names hold a name that is chosen: {@code launchers.NAME.preset} and the others of a launcher, and {@code
 * hosts.NAME.address}. They have no variables; a running daemon takes new ones for new pools.
 */
public final class LauncherSettings {
    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?";
    private static final Pattern LAUNCHER = Pattern.compile("launchers\\.(" + NAME + ")\\.([a-z]+)");
    private static final Pattern HOST = Pattern.compile("hosts\\.(" + NAME + ")\\.([a-z]+)");
    private static final SettingType<String> WORD = SettingTypes.text("a string that is not blank", false);
    private static final SettingType<List<String>> WORDS = SettingTypes.list(WORD);
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);

    private static final Map<String, SettingType<?>> OF_HOST = Map.of("address", WORD, "env", WORDS);

    /** Made where settings name a launcher: to read the presets takes as long as the rest of a short start. */
    private static final class OfLauncher {
        static final Map<String, SettingType<?>> TYPES = Map.ofEntries(
                entry("preset", SettingTypes.oneOf(Preset.names().toArray(String[]::new))),
                entry("program", SettingTypes.filledList(WORD)),
                entry("start", WORDS),
                entry("end", WORDS),
                entry("options", WORDS),
                entry("gpus", WORDS),
                entry("image", WORD),
                entry("job", WORD),
                entry("neuron", SettingTypes.filledList(WORD)),
                entry("env", WORDS),
                entry("shell", SettingTypes.flag()),
                entry("lease", SettingTypes.time(Duration.ofSeconds(1), Duration.ofHours(1))));
    }

    private LauncherSettings() {}

    /**
     * What the daemon knows of a host.
     *
     * @param address by which the launcher and the other hosts reach it
     * @param environment settings of its ranks
     */
    public record Host(String address, Map<String, String> environment) {}

    /**
     * One launcher.
     *
     * @param lease how long its workers live on when the daemon is not heard
     * @param ready how long a start may take
     * @param gpus the words that give a device to what it starts
     * @param here whether it starts all on the daemon's own host, whatever name is given
     */
    public record Launched(Launcher launcher, Duration lease, Duration ready, List<String> gpus, boolean here) {}

    static Optional<Setting<?>> named(String name) {
        return LAUNCHER.matcher(name).matches() ? named(name, LAUNCHER, OfLauncher.TYPES) : named(name, HOST, OF_HOST);
    }

    /** Whether a launcher or a host can have that name. */
    static boolean isName(String text) {
        return text.matches(NAME);
    }

    private static Optional<Setting<?>> named(String name, Pattern shape, Map<String, SettingType<?>> fields) {
        Matcher matcher = shape.matcher(name);
        return matcher.matches() && fields.containsKey(matcher.group(2))
                ? Optional.of(setting(name, fields.get(matcher.group(2))))
                : Optional.empty();
    }

    private static <T> Setting<T> setting(String name, SettingType<T> type) {
        return new Setting<>(name, type, null, true);
    }

    /** The names of the launchers that the settings have. */
    public static Set<String> launchers(Settings settings) {
        Set<String> names = new TreeSet<>();
        for (String name : settings.named()) {
            Matcher matcher = LAUNCHER.matcher(name);
            if (matcher.matches()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    /**
     * The launcher of one of those names.
     *
     * @throws IllegalArgumentException when its settings break a rule between them
     */
    public static Launched launcher(Settings settings, String name) {
        Fields fields = new Fields(settings, "launchers." + name + ".");
        String presetName = fields.get("preset", "");
        if (presetName.isEmpty()) {
            throw new IllegalArgumentException(
                    "launchers." + name + ".preset is missing: it must be one of " + String.join(", ", Preset.names()));
        }
        return new LauncherFields(fields, name, presetName).launched();
    }

    /** What is known of a host; where nothing is, its name is its address. */
    public static Host host(Settings settings, String name) {
        Fields fields = new Fields(settings, "hosts." + name + ".");
        return new Host(fields.get("address", name), assignments(name, fields.get("env", List.of())));
    }

    static List<String> problems(Settings settings) {
        List<String> problems = new ArrayList<>();
        launchers(settings).forEach(name -> check(() -> launcher(settings, name), problems));
        for (String setting : settings.named()) {
            Matcher host = HOST.matcher(setting);
            if (host.matches()) {
                check(() -> host(settings, host.group(1)), problems);
            }
        }
        return problems;
    }

    private static void check(Runnable reading, List<String> problems) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
    }

    static Map<String, String> assignments(String name, List<String> words) {
        Map<String, String> found = new HashMap<>();
        for (String word : words) {
            Matcher matcher = ASSIGNMENT.matcher(word);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "env of '" + name + "' has '" + word + "': each of its words must be NAME=value");
            }
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }

    /** Those of one name. */
    record Fields(Settings settings, String prefix) {
        boolean has(String field) {
            return settings.named().contains(prefix + field);
        }

        @SuppressWarnings("unchecked") // every value was read by its setting's type
        <T> T get(String field, T whenAbsent) {
            return has(field) ? (T) settings.value(prefix + field) : whenAbsent;
        }
    }
}
