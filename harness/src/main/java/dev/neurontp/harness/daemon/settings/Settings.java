package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.pool.Deadlines;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The settings in force, and where each value came from. Immutable. */
public final class Settings {
    /** A value and the place that it came from. */
    record Value(Object value, String origin) {}

    /** The origin of a value that nobody has set. */
    static final String DEFAULT = "default";

    private final Map<String, Value> values;

    Settings(Map<String, Value> values) {
        this.values = Map.copyOf(values);
    }

    /** All defaults. */
    public static Settings defaults() {
        Map<String, Value> values = new HashMap<>();
        DaemonSettings.all().forEach(setting -> values.put(setting.name(), new Value(setting.fallback(), DEFAULT)));
        return new Settings(values);
    }

    /** The value in force. */
    @SuppressWarnings("unchecked") // every value was read by its setting's type
    public <T> T get(Setting<T> setting) {
        return (T) values.get(setting.name()).value();
    }

    /** The names of those settings that hold a chosen name, {@link LauncherSettings}, in order. */
    Set<String> named() {
        Set<String> names = new TreeSet<>(values.keySet());
        DaemonSettings.all().forEach(setting -> names.remove(setting.name()));
        return names;
    }

    /** The value of one of them. */
    Object value(String name) {
        return values.get(name).value();
    }

    /** The same settings with another value for one of them. For tests; not checked. */
    public Settings with(String name, Object value) {
        Map<String, Value> changed = new HashMap<>(values);
        changed.put(name, new Value(value, "given"));
        return new Settings(changed);
    }

    /** The place that the value came from, for a person. */
    public String origin(Setting<?> setting) {
        return values.get(setting.name()).origin();
    }

    /** Whether nobody has set it. */
    public boolean isDefault(Setting<?> setting) {
        return origin(setting).equals(DEFAULT);
    }

    /** The same settings with another value for one. For tests; not checked against the others. */
    public <T> Settings with(Setting<T> setting, T value) {
        return with(setting, value, "given");
    }

    /** The same settings as if one had another default. For tests; not checked against the others. */
    public <T> Settings withDefault(Setting<T> setting, T value) {
        return with(setting, value, DEFAULT);
    }

    private <T> Settings with(Setting<T> setting, T value, String origin) {
        Map<String, Value> changed = new HashMap<>(values);
        changed.put(setting.name(), new Value(value, origin));
        return new Settings(changed);
    }

    /** How long the steps of a pool may take. */
    public Deadlines deadlines() {
        Duration end = get(DaemonSettings.BYE).plus(get(DaemonSettings.SIGTERM)).plus(get(DaemonSettings.SIGKILL));
        return new Deadlines(
                get(DaemonSettings.READY),
                get(DaemonSettings.PING),
                get(DaemonSettings.INIT),
                get(DaemonSettings.SANITY),
                get(DaemonSettings.BYE),
                get(DaemonSettings.SIGTERM),
                get(DaemonSettings.SIGKILL),
                end.plusSeconds(1));
    }

    /** Whether TLS is on, with a keystore or with PEM files. */
    public boolean tls() {
        return get(DaemonSettings.TLS_KEYSTORE).isPresent()
                || get(DaemonSettings.TLS_CERT_FILE).isPresent();
    }

    /** These settings with the values of {@code newer} where a running daemon takes them. */
    Settings taking(Settings newer) {
        Map<String, Value> mixed = new HashMap<>(values);
        DaemonSettings.all().stream()
                .filter(Setting::reloaded)
                .forEach(setting -> mixed.put(setting.name(), newer.values.get(setting.name())));
        named().forEach(mixed::remove);
        newer.named().forEach(name -> mixed.put(name, newer.values.get(name)));
        return new Settings(mixed);
    }

    /** Every setting that has another value in {@code other}, in the order in which they are shown. */
    List<SettingChange> changesTo(Settings other) {
        Set<String> chosen = new TreeSet<>(named());
        chosen.addAll(other.named());
        return Stream.concat(
                        DaemonSettings.all().stream()
                                .filter(setting -> !get(setting).equals(other.get(setting)))
                                .map(setting -> new SettingChange(setting.name(), toml(setting), other.toml(setting))),
                        chosen.stream()
                                .filter(name -> !toml(name).equals(other.toml(name)))
                                .map(name -> new SettingChange(name, toml(name), other.toml(name))))
                .toList();
    }

    /** Of one with a chosen name; empty where it is not there. */
    private String toml(String name) {
        return values.containsKey(name)
                ? LauncherSettings.named(name)
                        .map(setting -> toml(setting, value(name)))
                        .orElseThrow()
                : "";
    }

    @SuppressWarnings("unchecked") // every value was read by its setting's type
    private static <T> String toml(Setting<T> setting, Object value) {
        return setting.toToml((T) value);
    }

    private <T> String toml(Setting<T> setting) {
        return setting.kind().toToml(get(setting));
    }

    /** All settings as TOML that can be read again, each line with the origin of its value. */
    public List<String> lines() {
        return Stream.concat(
                        DaemonSettings.all().stream().map(setting -> line(setting.name(), toml(setting))),
                        named().stream().map(name -> line(name, toml(name))))
                .toList();
    }

    private String line(String name, String toml) {
        String assignment = quoted(name) + " = " + toml;
        return String.format(
                Locale.ROOT, "%-44s # %s", assignment, values.get(name).origin());
    }

    /** A chosen name may have dots of its own, which in TOML stand in quotes. */
    private static String quoted(String name) {
        int first = name.indexOf('.');
        int last = name.lastIndexOf('.');
        boolean chosen = LauncherSettings.named(name).isPresent();
        return chosen
                ? name.substring(0, first + 1) + '"' + name.substring(first + 1, last) + '"' + name.substring(last)
                : name;
    }
}
