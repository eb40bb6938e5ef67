package dev.neurontp.harness.validate;

import dev.neurontp.harness.text.ForeignText;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The part of the environment that matters for a validation: never the whole, which may hold secrets. */
final class ReportedEnvironment {
    private static final Pattern MATTERS = Pattern.compile("(NCCL|CUDA|NVIDIA|NEURON|NEURONTP)_[A-Z0-9_]+");
    private static final Pattern SECRET = Pattern.compile("TOKEN|SECRET|PASSWORD|KEY|CREDENTIAL");

    private ReportedEnvironment() {}

    static SortedMap<String, String> ofProcess() {
        return of(System.getenv());
    }

    static SortedMap<String, String> of(Map<String, String> environment) {
        SortedMap<String, String> kept = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (MATTERS.matcher(name).matches()) {
                kept.put(name, SECRET.matcher(name).find() ? "(not shown)" : ForeignText.of(value, ForeignText.NAME));
            }
        });
        return kept;
    }
}
