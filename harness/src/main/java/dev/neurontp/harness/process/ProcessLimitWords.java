package dev.neurontp.harness.process;

import dev.neurontp.worker.os.ThreadLimitException;
import java.util.List;
import java.util.regex.Pattern;

/** The last words of a shell or of Java that the host gave no process or no thread. They name neither the limit nor what to do. */
public final class ProcessLimitWords {
    /** Of dash and busybox, and of bash: the last line. */
    private static final Pattern OF_SHELL =
            Pattern.compile("(?i)can(no|')t fork\\b|\\bfork: .*Resource temporarily unavailable");

    /** Of a JVM, which goes on for a few lines. */
    private static final Pattern OF_JAVA = Pattern.compile(
            "unable to create native thread|Cannot create (VM|GC|worker GC) thread|pthread_create failed \\(EAGAIN\\)");

    private static final int LINES_OF_JAVA = 16;

    private ProcessLimitWords() {}

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
        if (stderr.isEmpty()) {
            return false;
        }
        List<String> last = stderr.subList(Math.max(0, stderr.size() - LINES_OF_JAVA), stderr.size());
        return OF_SHELL.matcher(stderr.getLast()).find()
                || last.stream().anyMatch(line -> OF_JAVA.matcher(line).find());
    }
}
