package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.WorkerProcess;
import java.util.List;
import java.util.Optional;

/** Puts together what was seen of the ranks and how they ended. */
final class FailureReport {
    private FailureReport() {}

    static PoolFailure of(List<RankFault> rootFirst, List<RankChannel> channels, ShutdownReport report) {
        return new PoolFailure(rootFirst.stream()
                .map(trouble -> failure(trouble, channels, report))
                .toList());
    }

    private static RankFailure failure(RankFault trouble, List<RankChannel> channels, ShutdownReport report) {
        Optional<RankChannel> channel = channels.stream()
                .filter(candidate -> candidate.rank() == trouble.rank())
                .findFirst();
        if (channel.isEmpty()) {
            return new RankFailure(trouble, ProcessHandle.current().pid(), "", List.of());
        }
        WorkerProcess process = channel.get().process();
        return new RankFailure(
                trouble, process.identity().pid(), report.of(trouble.rank()).describe(), process.lastStderrLines());
    }
}
