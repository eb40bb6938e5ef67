package dev.neurontp.harness.validate;

import java.util.List;

/** Looks at this host before a group is started on it. */
@FunctionalInterface
public interface HostCheck {
    /** One result for each thing that was looked at, of {@link Phase#HOST}; a FAIL ends the run before it has begun. */
    List<CaseResult> results() throws InterruptedException;

    /** That nothing is looked at, and why. */
    static HostCheck skipped(String reason) {
        return () -> List.of(CaseResult.without(Case.step(Phase.HOST, "doctor"), Status.SKIPPED, reason, List.of()));
    }
}
