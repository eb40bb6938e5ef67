package dev.neurontp.ops.doctor;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.ops.doctor.check.Check;
import dev.neurontp.ops.doctor.check.Checks;
import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.check.Finding;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.worker.os.DaemonThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Looks at rows. A file of a process that hangs can hang its reader too: no row is waited for without a bound. */
final class Examination {
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private Examination() {}

    /** The results of these rows, in their order. */
    static List<Result> of(Evidence evidence, Set<Row> rows, Deadline deadline) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (Check check : Checks.all()) {
            if (rows.contains(check.row())) {
                results.add(new Result(check.row(), within(check, evidence, deadline.within(LONGEST))));
            }
        }
        return results;
    }

    private static Finding within(Check check, Evidence evidence, Deadline deadline) throws InterruptedException {
        AtomicReference<Finding> found = new AtomicReference<>();
        boolean ended = DaemonThread.runWithin(
                Duration.ofNanos(deadline.remainingNanos() + 1),
                check.row().name(),
                () -> found.set(looked(check, evidence)));
        return ended && found.get() != null
                ? found.get()
                : Finding.hung(
                        "reading the host's files for this row did not end in time",
                        "an answer of the kernel",
                        "ps -eLo pid,state,wchan:32,comm | awk '$2 == \"D\"'");
    }

    /** A made-up or odd /proc must not cost the other rows. */
    private static Finding looked(Check check, Evidence evidence) {
        try {
            return Checks.look(check, evidence);
        } catch (RuntimeException e) {
            return Finding.skipped(
                    "this check failed itself, please report it: " + ForeignText.of(e.toString(), ForeignText.NAME));
        }
    }
}
