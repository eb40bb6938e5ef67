package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.Diagnostic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NCCL's own diagnostics, of 2.31 and later: the active ones move data between all pairs of GPUs, those of the RAS threads compare
 * what the ranks have. They never fail an init. The process of rank 0 prints them to stdout, which is stderr in a worker; the
 * lines of the RAS threads can come after the init is done. NCCL before 2.31 knows none of these variables.
 */
final class NcclDiagnostics {
    private static final Map<String, String> SETTINGS =
            Map.of("NCCL_RUN_DIAGNOSTICS", "1", "NCCL_RUN_RAS_DIAGNOSTICS", "1");
    /** Host and process id may stand before it. */
    private static final Pattern LINE = Pattern.compile("NCCL DIAG (?:\\[([A-Z]+)])?\\s*(.*)");

    private NcclDiagnostics() {}

    static Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.keySet()
                .removeIf(variable -> !environment.getOrDefault(variable, "").isEmpty());
        return Map.copyOf(settings);
    }

    static Optional<Diagnostic> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.find()) {
            return Optional.empty();
        }
        Diagnostic.Finding finding = switch (matcher.group(1)) {
            case null -> Diagnostic.Finding.NOTE;
            case "OK" -> Diagnostic.Finding.OK;
            // INFO, and what a later NCCL may have for worse.
            default -> Diagnostic.Finding.REVIEW;
        };
        return Optional.of(new Diagnostic(finding, matcher.group(2).strip()));
    }
}
