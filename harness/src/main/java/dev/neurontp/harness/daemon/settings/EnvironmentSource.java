package dev.neurontp.harness.daemon.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Settings from the environment: {@code NEURON_HTTP__PORT} is {@code http.port}. */
final class EnvironmentSource {
    /** Variables of the launchers and the workers, which share the prefix and are no settings of a daemon. */
    private static final List<String> OTHERS = List.of("TP_", "LOOPBACK_", "JAVA_OPTS", "CONFIG");

    /** The level of a worker; the daemon's own is NEURON_LOG__LEVEL. */
    private static final String WORKERS_LOG = "LOG";

    private static final List<String> OTHER_ENDS = List.of("_LIBRARY");

    private EnvironmentSource() {}

    static List<SettingValue> read(Map<String, String> environment) {
        List<SettingValue> given = new ArrayList<>();
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (variable.startsWith(Setting.PREFIX) && !other(variable.substring(Setting.PREFIX.length()))) {
                String name = variable.substring(Setting.PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace("__", ".");
                given.add(new SettingValue(name, "the environment variable " + variable, false, text));
            }
        });
        return given;
    }

    private static boolean other(String rest) {
        return rest.equals(WORKERS_LOG)
                || OTHERS.stream().anyMatch(rest::startsWith)
                || OTHER_ENDS.stream().anyMatch(rest::endsWith);
    }
}
