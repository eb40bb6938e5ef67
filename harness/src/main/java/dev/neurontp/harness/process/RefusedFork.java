package dev.neurontp.harness.process;

import dev.neurontp.worker.os.ThreadLimitException;
import java.util.List;
import java.util.regex.Pattern;

/** The last words of a shell that the host gave no process. They name neither the limit nor what to do. */
public final class RefusedFork {
    /** Of dash and busybox, and of bash. */
    private static final Pattern SAID =
            Pattern.compile("(?i)can(no|')t fork\\b|\\bfork: .*Resource temporarily unavailable");

    private RefusedFork() {}

    /** What follows the end of a program of this host with that stderr: the limit, and what to do; empty where it ended by something else. */
    public static String remedy(List<String> stderr) {
        return isLast(stderr) ? "; " + ThreadLimitException.reached() : "";
    }

    /** The same of a program on another host, whose limits are not known here. */
    public static String remedyElsewhere(List<String> stderr) {
        return isLast(stderr)
                ? "; its host's limit on processes and threads is reached. Raise it there (ulimit -u, the cgroup's pids.max) or end other processes"
                : "";
    }

    private static boolean isLast(List<String> stderr) {
        return !stderr.isEmpty() && SAID.matcher(stderr.getLast()).find();
    }
}
