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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks at rows. A file of a process that hangs can hang its reader too: no row is waited for without a bound. Each has one of its own,
 * so that none is called hung for what came before it.
 */
final class Examination {
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private Examination() {}

    /** The results of these rows, in their order; waits no longer than 3 s for each. */
    static List<Result> of(Evidence evidence, Set<Row> rows) throws InterruptedException {
        return of(
                Checks.all().stream()
                        .filter(check -> rows.contains(check.row()))
                        .toList(),
                evidence);
    }

    static List<Result> of(List<Check> checks, Evidence evidence) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (Check check : checks) {
            results.add(new Result(check.row(), bounded(check, evidence)));
        }
        return results;
    }

    private static Finding bounded(Check check, Evidence evidence) throws InterruptedException {
        AtomicReference<Finding> found = new AtomicReference<>();
        CountDownLatch over = new CountDownLatch(1);
        boolean ended = DaemonThread.runWithin(Duration.ZERO, check.row().name(), () -> {
            try {
                found.set(looked(check, evidence));
            } finally {
                over.countDown();
            }
        });
        // The time in which this process stands still itself is not the host's.
        ended = ended || Deadline.in(LONGEST).await(nanos -> over.await(nanos, TimeUnit.NANOSECONDS));
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
