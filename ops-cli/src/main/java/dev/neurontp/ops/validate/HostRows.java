package dev.neurontp.ops.validate;

import dev.neurontp.harness.validate.Case;
import dev.neurontp.harness.validate.CaseResult;
import dev.neurontp.harness.validate.HostCheck;
import dev.neurontp.harness.validate.Phase;
import dev.neurontp.harness.validate.Status;
import dev.neurontp.ops.doctor.StartChecks;
import dev.neurontp.ops.doctor.check.Level;
import java.util.List;

/** The rows of doctor that are looked at before a pool over GPUs is started, as results of a validation. */
final class HostRows {
    private HostRows() {}

    /** Those of this host, for a pool with these devices. */
    static HostCheck of(List<Long> devices) {
        return () -> StartChecks.anyGpu()
                ? results(StartChecks.outcomes(devices.size(), devices))
                : HostCheck.skipped("the files of this host show no NVIDIA GPU: the ranks say what they run on")
                        .results();
    }

    static List<CaseResult> results(List<StartChecks.Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> CaseResult.without(
                        Case.step(Phase.HOST, outcome.row()), status(outcome.level()), outcome.words(), List.of()))
                .toList();
    }

    private static Status status(Level level) {
        return switch (level) {
            case OK -> Status.PASS;
            case WARN -> Status.WARN;
            case FAIL, HUNG -> Status.FAIL;
            case SKIPPED -> Status.SKIPPED;
        };
    }
}
