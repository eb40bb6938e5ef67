package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells a group whose maker has ended from a worker that does not join, or does not sum. */
final class MakerFailure {

    /** A rank sees the connections of a process that ends close before anybody sees its end. */
    private static final Duration ENDING = Duration.ofMillis(500);

    private MakerFailure() {}

    /** In words, where one of these has ended, or does so within a moment; else empty. */
    static Optional<String> of(List<WorkerProcess> makers) {
        Deadline deadline = Deadline.in(ENDING);
        return makers.stream().flatMap(maker -> of(maker, deadline).stream()).findFirst();
    }

    private static Optional<String> of(WorkerProcess maker, Deadline deadline) {
        return maker.ending(deadline).map(ending -> {
            List<String> stderr = maker.lastStderr();
            return "the --comm-id-command " + maker.launch().shown() + " ended with " + ending.how()
                    + " before the group was through: it must serve its comm_id until its stdin closes"
                    + (stderr.isEmpty() ? "" : "; its last words: " + stderr.getLast());
        });
    }
}
