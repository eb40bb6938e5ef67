package dev.neurontp.conformance;

import dev.neurontp.conformance.process.Printable;
import dev.neurontp.conformance.process.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Of what and where a run was made: what a reader needs to compare its reports with others.
 *
 * @param product the version of this project
 * @param commit its commit, or an empty string where it is not known
 * @param contract the version of the contract that was judged by
 * @param workerVersion the first line that the worker's {@code --version} says, or an empty string
 * @param kernel the system, its version and the architecture
 * @param launched whether the worker was judged through a launcher, so that host, kernel and CPUs are those of the launcher
 * @param environment variables that decide how workers behave, with their values; what may be a secret is masked
 */
public record RunFacts(
        String product,
        String commit,
        String contract,
        String workerVersion,
        String host,
        String kernel,
        int cpus,
        boolean launched,
        Map<String, String> environment) {

    private static final String TELLING =
            "LANG|LANGUAGE|LC_.*|NCCL_.*|CUDA_VISIBLE_DEVICES|PYTHONIOENCODING|PYTHONUTF8|GITHUB_SHA|CI_COMMIT_SHA";

    private static final String LAUNCHED =
            "through a launcher; not judged: the exit code after a signal, the end where nobody reads"
                    + " stdout, and what is left running";

    public RunFacts {
        environment = new TreeMap<>(environment);
    }

    static RunFacts here(String contract, String workerVersion, boolean launched) {
        return new RunFacts(
                Product.version(),
                Product.commit(),
                contract,
                workerVersion,
                hostName(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                launched,
                telling(System.getenv()));
    }

    static Map<String, String> telling(Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(entry -> entry.getKey().matches(TELLING))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> Secrets.masked(entry.getKey(), Printable.text(entry.getValue()))));
    }

    /** Read where the kernel keeps it: asking for one's own name can wait for a name server. */
    private static String hostName() {
        try {
            return Printable.text(
                    Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        } catch (IOException e) {
            return "";
        }
    }

    /** All of it by name, in an order for people; what is not known is left out. */
    public Map<String, String> named() {
        Map<String, String> named = new LinkedHashMap<>();
        named.put("neurontp", product);
        named.put("commit", commit);
        named.put("contract", contract);
        named.put("worker version", workerVersion);
        named.put("host", host);
        named.put("kernel", kernel);
        named.put("CPUs", String.valueOf(cpus));
        named.put("launched", launched ? LAUNCHED : "");
        environment.forEach((name, value) -> named.put("$" + name, value));
        named.values().removeIf(String::isEmpty);
        return named;
    }
}
