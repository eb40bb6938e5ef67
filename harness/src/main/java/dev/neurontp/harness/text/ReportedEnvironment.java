package dev.neurontp.harness.text;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What of an environment may stand in a report that leaves this host: never the whole, which may hold secrets. */
public final class ReportedEnvironment {
    private static final Pattern KEPT = Pattern.compile("(NCCL|CUDA|NVIDIA|NEURON|NEURONTP)_.*");
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL|AUTH|COOKIE).*");

    /** A user and a password in an address. */
    private static final Pattern IN_ADDRESS = Pattern.compile("://[^/@\\s]*@");

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
                        SECRET.matcher(name).matches()
                                ? "(masked)"
                                : IN_ADDRESS
                                        .matcher(ForeignText.of(value, LONGEST))
                                        .replaceAll("://(masked)@"));
            }
        });
        return kept;
    }
}
