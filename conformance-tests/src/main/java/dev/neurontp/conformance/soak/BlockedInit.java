package dev.neurontp.conformance.soak;

import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.WorkerLauncher;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Closes the input of a rank that sits in an init which no other rank joins. The contract leaves open whether it ends then (L5
 * binds this project's own worker only), so what it does is told and not judged. One thread.
 */
final class BlockedInit {

    private static final Duration BLOCKS = Duration.ofSeconds(1);
    private static final Duration COMM_ID = Duration.ofSeconds(30);

    private final WorkerLauncher launcher;
    private final List<String> commIdCommand;
    private final Duration timeout;
    private final Duration startTimeout;

    BlockedInit(WorkerLauncher launcher, List<String> commIdCommand, Duration timeout, Duration startTimeout) {
        this.launcher = launcher;
        this.commIdCommand = commIdCommand;
        this.timeout = timeout;
        this.startTimeout = startTimeout;
    }

    /** What the worker does, in one line. */
    String tried() throws StartFailure {
        WorkerProcess maker = launcher.launch(commIdCommand);
        try {
            Output first = maker.next(Deadline.in(COMM_ID)).orElse(null);
            if (!(first instanceof Output.Noise id)) {
                return "no init was tried: no comm_id was printed";
            }
            String told = withId(id.line());
            return maker.ending()
                    .map(ending -> "no init blocked: the --comm-id-command ended with " + ending.how())
                    .orElse(told);
        } finally {
            launcher.end(maker);
        }
    }

    private String withId(String commId) throws StartFailure {
        WorkerProcess worker = launcher.start(new Identity(0, 2, 0).arguments(), Map.of(), false);
        try {
            write(worker, "{\"op\":\"ping\"}");
            if (!(worker.next(Deadline.in(startTimeout)).orElse(null) instanceof Output.Reply)) {
                return "no init was tried: rank 0 of 2 did not answer a ping";
            }
            write(worker, "{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}");
            if (worker.next(Deadline.in(BLOCKS)).isPresent()) {
                return "no init blocked: it was answered although no other rank joined";
            }
            long start = System.nanoTime();
            worker.closeStdin();
            return worker.ending(Deadline.in(timeout))
                    .map(ending -> "with its input closed while an init blocks the worker ended within "
                            + (System.nanoTime() - start) / 1_000_000 + " ms: " + ending)
                    .orElse("with its input closed while an init blocks the worker still ran after "
                            + timeout.toMillis()
                            + " ms: no failure, but whoever starts it must then end it by a signal");
        } finally {
            launcher.end(worker);
        }
    }

    private static void write(WorkerProcess worker, String line) {
        worker.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
