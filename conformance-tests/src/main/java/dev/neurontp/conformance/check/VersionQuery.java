package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Asks the worker's command for its version, for the reports, while checks run. What A5 says of it is judged elsewhere. */
public final class VersionQuery {

    private final AtomicReference<String> answer = new AtomicReference<>("");
    private final Thread thread;

    private VersionQuery(WorkerLauncher launcher, Duration time) {
        thread = Thread.ofPlatform().daemon().name("version").unstarted(() -> ask(launcher, time));
        try {
            thread.start();
        } catch (OutOfMemoryError _) {
            answer.set(""); // the host gives no thread: what comes next says so
        }
    }

    /** Asks; after this time nobody listens any more. */
    public static VersionQuery ask(Duration time, WorkerLauncher launcher) {
        return new VersionQuery(launcher, time);
    }

    private void ask(WorkerLauncher launcher, Duration time) {
        try {
            WorkerProcess worker = launcher.start(List.of("--version"), Map.of(), false);
            try {
                worker.closeStdin();
                Deadline deadline = Deadline.in(time);
                Output first = worker.next(deadline).orElse(null);
                boolean well = worker.ending(deadline)
                        .filter(ending -> ending.exitCode() == 0)
                        .isPresent();
                if (well && first != null && !(first instanceof Output.End)) {
                    answer.set(first.toString());
                }
            } finally {
                launcher.end(worker);
            }
        } catch (StartFailure | RuntimeException | Error _) {
            // There is no version to report; why it does not start, or what the judge lacks, is for the checks to say.
            answer.set("");
        }
    }

    /** The first line that it said before it ended well, or an empty string. Waits for it no longer than was asked for. */
    public String answer() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answer.get();
    }
}
