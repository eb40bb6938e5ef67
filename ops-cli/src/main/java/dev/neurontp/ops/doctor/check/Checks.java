package dev.neurontp.ops.doctor.check;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All checks, and what keeps one from being looked at. */
public final class Checks {
    /** Those of files alone that concern a start of a pool over NCCL: without what they want it fails for sure. */
    public static final Set<Row> BEFORE_START = Set.of(Row.D01, Row.D02, Row.D11, Row.D20, Row.D22, Row.D23, Row.D38);

    private Checks() {}

    /** All of them, in the order of their rows. */
    public static List<Check> all() {
        return Stream.of(
                        DriverChecks.all(),
                        LibraryChecks.all(),
                        FabricChecks.all(),
                        FabricHealthChecks.all(),
                        LimitChecks.all(),
                        CgroupChecks.all(),
                        PciChecks.all(),
                        VariableChecks.all(),
                        NetworkChecks.all(),
                        VisibleChecks.all(),
                        ProcessChecks.all(),
                        SharedMemoryChecks.all(),
                        KernelLogChecks.all(),
                        GpuChecks.all(),
                        NumaChecks.all(),
                        LoadChecks.all())
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Check::row))
                .toList();
    }

    /** What a check finds, or why it is skipped. */
    public static Finding look(Check check, Evidence evidence) {
        return obstacle(check.row(), evidence)
                .map(Finding::skipped)
                .orElseGet(() -> asked(check.row(), check.look().apply(evidence), evidence));
    }

    /** NVML that stopped half-way may have been silent about the very GPU that is broken. */
    private static Finding asked(Row row, Finding found, Evidence evidence) {
        boolean ofGpus = row.needs() == Row.Needs.NVML ? row != Row.D39 : row == Row.D05 || row == Row.D27;
        if (!ofGpus || found.level() != Level.OK) {
            return found;
        }
        return evidence.nvml()
                .problem()
                .map(why -> Finding.skipped("NVML was not asked about every GPU: "
                        + (evidence.nvml().hang().isPresent() ? "it hangs (D00)" : why)))
                .orElse(found);
    }

    private static Optional<String> obstacle(Row row, Evidence evidence) {
        if (row.needs() == Row.Needs.FILES) {
            return Optional.empty();
        }
        if (!evidence.wanted().nccl()) {
            return Optional.of("the loopback communicator uses no GPU");
        }
        if (!evidence.anyGpu()) {
            return Optional.of("no NVIDIA GPU on this host (D00)");
        }
        return switch (row.needs()) {
            case NVML ->
                // What keeps NVML from answering is what this row is about.
                row == Row.D39 || !evidence.gpus().isEmpty()
                        ? Optional.empty()
                        : Optional.of("NVML says nothing: "
                                + evidence.nvml().problem().orElse("it lists no GPU"));
            case CUDA -> evidence.cuda().hang().map(where -> "CUDA does not answer (D00)");
            case FILES, GPU -> Optional.empty();
        };
    }
}
