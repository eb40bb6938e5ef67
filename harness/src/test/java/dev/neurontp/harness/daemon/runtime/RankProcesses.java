package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.ProcessIdentity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Processes of ranks that hold no device. */
final class RankProcesses {
    private RankProcesses() {}

    static List<RankProcess> of(ProcessIdentity... processes) {
        return Stream.of(processes)
                .map(process -> new RankProcess(0, process, Optional.empty()))
                .toList();
    }
}
