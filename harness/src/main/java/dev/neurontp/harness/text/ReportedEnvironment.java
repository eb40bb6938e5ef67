package dev.neurontp.harness.text;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What of an environment may stand in a report that leaves this host: never the whole, which may hold secrets. */
public final class ReportedEnvironment {
    private static final Pattern KEPT = Pattern.compile("(NCCL|CUDA|NVIDIA|NEURON|NEURONTP)_.*");
    private static final int LONGEST = 500;

    private ReportedEnvironment() {}

    /** Of this process. */
    public static SortedMap<String, String> ofProcess() {
        return of(System.getenv());
    }

    /** The variables of NCCL, CUDA, NVIDIA and this project; whatever may be a secret is masked. */
    public static SortedMap<String, String> of(Map<String, String> environment) {
        SortedMap<String, String> kept = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (KEPT.matcher(name).matches()) {
                kept.put(
                        ForeignText.of(name, ForeignText.NAME),
                        Secrets.isNamed(name) ? Secrets.MASKED : Secrets.masked(ForeignText.of(value, LONGEST)));
            }
        });
        return kept;
    }
}
