package dev.neurontp.harness.daemon.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.TomlArray;

/** Combines the sources. All problems are found at once. */
public final class SettingsReader {
    private SettingsReader() {}

    /**
     * Reads all settings; the later source wins.
     *
     * @param file TOML
     * @param environment variables; those that begin with {@code NEURON_}
     * @param options by the name of the setting; the key of a message is {@code --name}
     * @throws SettingsException with every problem
     */
    public static Settings read(Optional<Path> file, Map<String, String> environment, List<SettingOption> options)
            throws SettingsException {
        return read(file, false, environment, options);
    }

    /**
     * The same for a daemon that runs: a file that is none, such as a pipe, is refused, since nobody may be there who writes it,
     * and {@code http.host} is not looked up, since {@link LiveSettings} does that where it has changed.
     *
     * @throws SettingsException with every problem
     */
    public static Settings readAgain(Optional<Path> file, Map<String, String> environment, List<SettingOption> options)
            throws SettingsException {
        return read(file, true, environment, options);
    }

    private static Settings read(
            Optional<Path> file, boolean again, Map<String, String> environment, List<SettingOption> options)
            throws SettingsException {
        List<String> problems = new ArrayList<>();
        List<SettingValue> given = new ArrayList<>();
        file.ifPresent(path -> given.addAll(TomlSource.read(path, again, problems)));
        given.addAll(EnvironmentSource.read(environment));
        options.forEach(option -> given.add(
                new SettingValue(option.setting().name(), "the option " + option.option(), false, option.value())));
        Map<String, Settings.Value> values = new LinkedHashMap<>();
        for (Setting<?> setting : DaemonSettings.all()) {
            values.put(setting.name(), new Settings.Value(setting.fallback(), Settings.DEFAULT));
        }
        given.forEach(one -> take(one, values, problems));
        Settings settings = new Settings(values);
        if (problems.isEmpty()) {
            problems.addAll(CrossChecks.of(settings));
            problems.addAll(again ? List.of() : AddressCheck.of(settings));
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return settings;
    }

    private static void take(SettingValue given, Map<String, Settings.Value> values, List<String> problems) {
        Optional<Setting<?>> setting = DaemonSettings.named(given.name());
        if (setting.isEmpty()) {
            problems.add(given.place() + ": there is no setting '" + given.name() + "'"
                    + SettingSuggestion.of(given.name()) + "; neuron --print-config shows all");
            return;
        }
        SettingType<?> kind = setting.get().kind();
        Optional<?> value = given.toml()
                ? kind.fromToml(given.value())
                : kind.fromText(given.value().toString());
        if (value.isEmpty()) {
            problems.add(
                    given.place() + ": " + given.name() + " is " + show(given.value()) + ": it must be " + kind.rule());
            return;
        }
        values.put(given.name(), new Settings.Value(value.get(), given.place()));
    }

    private static String show(Object value) {
        return switch (value) {
            case String text -> "'" + text + "'";
            case TomlArray array -> array.toJson().strip();
            default -> value.toString();
        };
    }
}
