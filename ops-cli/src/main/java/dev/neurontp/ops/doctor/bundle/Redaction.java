package dev.neurontp.ops.doctor.bundle;

import dev.neurontp.harness.text.ReportedEnvironment;
import java.util.Map;

/** What of an environment may leave this host. */
final class Redaction {
    private Redaction() {}

    /** One variable a line, sorted; which ones, and what is masked, {@link ReportedEnvironment} says. */
    static String environment(Map<String, String> environment) {
        StringBuilder lines = new StringBuilder();
        ReportedEnvironment.of(environment)
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        return lines.toString();
    }
}
