package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.List;

/** What a process that has ended left on its streams. */
final class Streams {

    private static final Duration SHORTLY = Duration.ofSeconds(2);

    /** In characters: more than any help has. */
    private static final int ENOUGH = 1 << 20;

    private Streams() {}

    /** All of stdout, lines shown as they are; here any text is allowed, so nothing is judged. */
    static String stdout(WorkerProcess worker) {
        StringBuilder text = new StringBuilder();
        Deadline deadline = Deadline.in(SHORTLY);
        while (true) {
            Output output = worker.next(deadline).orElse(null);
            if (output == null || output instanceof Output.End || text.length() > ENOUGH) {
                return text.toString();
            }
            text.append(output).append('\n');
        }
    }

    /** The last lines on stderr; they are waited for as {@link #hasStderr} does. */
    static List<String> lastOfStderr(WorkerProcess worker) {
        Deadline deadline = Deadline.in(SHORTLY);
        List<String> lines;
        boolean over;
        do {
            over = worker.isStderrOver();
            lines = worker.lastStderr();
        } while (!over && !deadline.isOver());
        return lines;
    }

    /** Whether there was anything on stderr; on a busy host its reader may be behind the end of the process. */
    static boolean hasStderr(WorkerProcess worker) {
        Deadline deadline = Deadline.in(SHORTLY);
        boolean any = !worker.lastStderr().isEmpty();
        while (!any && !worker.isStderrOver() && !deadline.isOver()) {
            any = !worker.lastStderr().isEmpty();
        }
        return any || !worker.lastStderr().isEmpty();
    }
}
