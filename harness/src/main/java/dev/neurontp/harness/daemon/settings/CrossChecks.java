package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Rules between settings. */
final class CrossChecks {
    /** From the end of the last pool to the exit, what the readers of its pipes may take included. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private CrossChecks() {}

    static List<String> of(Settings settings) {
        List<String> problems = new ArrayList<>();
        deadlines(settings, problems);
        tls(settings, problems);
        problems.addAll(LauncherSettings.problems(settings));
        return problems;
    }

    private static void deadlines(Settings settings, List<String> problems) {
        try {
            Duration steps = settings.deadlines().stop().plus(MARGIN);
            Duration stop = settings.get(DaemonSettings.STOP);
            if (steps.compareTo(stop) > 0) {
                problems.add("stop.limit is " + Durations.format(stop) + " (" + settings.origin(DaemonSettings.STOP)
                        + "): it must be at least the deadlines bye + sigterm + sigkill and 4s, which is "
                        + Durations.format(steps));
            }
        } catch (IllegalArgumentException e) {
            problems.add("pools.deadlines: " + e.getMessage());
        }
    }

    private static void tls(Settings settings, List<String> problems) {
        if (settings.get(DaemonSettings.TLS_KEYSTORE).isPresent()
                != settings.get(DaemonSettings.TLS_PASSWORD_FILE).isPresent()) {
            problems.add("http.tls_keystore and http.tls_password_file go together: give both or none");
        }
        if (settings.get(DaemonSettings.TLS_CERT_FILE).isPresent()
                != settings.get(DaemonSettings.TLS_KEY_FILE).isPresent()) {
            problems.add("http.tls_cert_file and http.tls_key_file go together: give both or none");
        }
        if (settings.get(DaemonSettings.TLS_KEYSTORE).isPresent()
                && settings.get(DaemonSettings.TLS_CERT_FILE).isPresent()) {
            problems.add("http.tls_keystore (" + settings.origin(DaemonSettings.TLS_KEYSTORE)
                    + ") and http.tls_cert_file (" + settings.origin(DaemonSettings.TLS_CERT_FILE)
                    + ") are two certificates for one daemon: give one of them");
        }
    }
}
