package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.WorkerLauncher;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.StartFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Tells an end by a signal from an exit code of 128 + n, which are the same to a parent in Java. A shell has words for its child's
 * signal and none for its exit code: so where the code may be a signal's, one more worker is started as the child of a shell.
 */
final class EndBySignal {

    private static final int FIRST = 129;
    private static final int LAST = 192;

    /** What the host ends a process by that is at its limits: SIGKILL, SIGXCPU, SIGXFSZ. */
    private static final Set<Integer> OF_THE_HOST = Set.of(137, 152, 153);

    private EndBySignal() {}

    /**
     * Whether a worker whose replies nobody can read ends by that signal, and not with that exit code.
     *
     * @param ending of one that was asked the same
     * @param closes whether its stdin is closed behind the input
     */
    static boolean isSeen(CheckContext context, ExitStatus ending, String input, boolean closes) throws StartFailure {
        int code = ending.exitCode();
        if (code < FIRST || code > LAST || OF_THE_HOST.contains(code)) {
            return false;
        }
        DedicatedWorker worker = context.startUnread(Identity.SHARED.arguments());
        Deadline deadline = Deadline.in(context.timeouts().start());
        ExitStatus again = null;
        while (again == null && !deadline.isOver()) {
            worker.sendBytes(input.getBytes(StandardCharsets.UTF_8));
            if (closes) {
                worker.closeStdin();
            }
            again = worker.endWithin(closes ? context.timeouts().start() : LostReaderChecks.SECOND);
        }
        return again != null && again.exitCode() == code && hasWords(Streams.lastOfStderr(worker.worker()));
    }

    /** Where not even its beginning was read, the host is too busy to tell. */
    private static boolean hasWords(List<String> shell) {
        return shell.contains(WorkerLauncher.SHELL_BEGINS) && !shell.getLast().equals(WorkerLauncher.SHELL_BEGINS);
    }
}
