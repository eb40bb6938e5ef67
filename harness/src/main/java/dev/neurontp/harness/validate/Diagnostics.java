package dev.neurontp.harness.validate;

import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.Diagnostic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a communicator's own diagnostics have said on stderr while the ranks joined. Lines come on any thread. */
final class Diagnostics {
    private static final int MOST = 200;

    private final CommunicatorProvider provider;
    private final List<Diagnostic> seen = new CopyOnWriteArrayList<>();

    Diagnostics(CommunicatorProvider provider) {
        this.provider = provider;
    }

    /** The same options with the diagnostics switched on and their lines read. */
    PoolOptions in(PoolOptions options) {
        Map<String, String> more = new HashMap<>(provider.settingsOfDiagnostics(options.rankEnvironment()));
        more.putAll(options.environment());
        return options.withEnvironment(more).withStderr((rank, line) -> {
            provider.diagnostic(line)
                    .filter(diagnostic -> diagnostic.finding() != Diagnostic.Finding.NOTE && seen.size() < MOST)
                    .ifPresent(seen::add);
            options.stderr().line(rank, line);
        });
    }

    /** One result; empty where this communicator has said nothing, as NCCL before 2.31. */
    Optional<CaseResult> result() {
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        List<String> review = seen.stream()
                .filter(diagnostic -> diagnostic.finding() == Diagnostic.Finding.REVIEW)
                .map(Diagnostic::text)
                .toList();
        Case of = Case.step(Phase.JOIN, "diagnostics of " + provider.name());
        return Optional.of(
                review.isEmpty()
                        ? CaseResult.without(of, Status.PASS, seen.size() + " checks of its own", List.of())
                        : CaseResult.without(
                                of, Status.WARN, "its own diagnostics found something to look at", review));
    }
}
