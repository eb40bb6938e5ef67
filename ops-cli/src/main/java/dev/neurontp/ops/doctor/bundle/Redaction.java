package dev.neurontp.ops.doctor.bundle;

import dev.neurontp.harness.text.ForeignText;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What of an environment may leave this host. */
final class Redaction {
    private static final Pattern KEPT = Pattern.compile("(NCCL|CUDA|NVIDIA|NEURON)_.*");
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL|AUTH|COOKIE).*");

    /** A user and a password in an address. */
    private static final Pattern IN_ADDRESS = Pattern.compile("://[^/@\\s]*@");

    private static final int LONGEST = 500;

    private Redaction() {}

    /** The variables of NCCL, CUDA, NVIDIA and this project, sorted, one a line; whatever may be a secret is masked. */
    static String environment(Map<String, String> environment) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(environment).forEach((name, value) -> {
            if (KEPT.matcher(name).matches()) {
                String shown = SECRET.matcher(name).matches()
                        ? "(masked)"
                        : IN_ADDRESS.matcher(ForeignText.of(value, LONGEST)).replaceAll("://(masked)@");
                lines.append(ForeignText.of(name, ForeignText.NAME))
                        .append('=')
                        .append(shown)
                        .append('\n');
            }
        });
        return lines.toString();
    }
}
