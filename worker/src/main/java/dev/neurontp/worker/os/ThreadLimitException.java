package dev.neurontp.worker.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A thread or a process could not be started. The message names the limits that it may have met, and what to raise. */
public final class ThreadLimitException extends IOException {
    private static final long serialVersionUID = 1;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path CGROUP = Path.of("/proc/self/cgroup");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final String PROCESSES = "Max processes";
    private static final String ADDRESS_SPACE = "Max address space";
    private static final String UNIFIED = "0::";

    ThreadLimitException(String thread, OutOfMemoryError cause) {
        this("the thread '" + thread + "'", (Throwable) cause);
    }

    private ThreadLimitException(String what, Throwable cause) {
        super(what + " cannot be started: " + reached(), cause);
    }

    /** That the limit is reached, with what it is, and what to raise: for a sentence. */
    public static String reached() {
        return "the host's limit on processes and threads is reached (" + limits()
                + "). Raise the limit or end other processes";
    }

    /** A thread of that name could not be started, by other means than {@link DaemonThread}. */
    public static ThreadLimitException of(String thread, OutOfMemoryError cause) {
        return new ThreadLimitException(thread, cause);
    }

    /** A process could not be started, or Java has no thread to wait for its end. */
    public static ThreadLimitException ofProcess(String program, Throwable cause) {
        return new ThreadLimitException("the process '" + program + "'", cause);
    }

    /** Whether an error of the JVM says that a thread could not be started: for code that starts threads by other means. */
    public static boolean isCauseOf(Throwable e) {
        return e instanceof OutOfMemoryError && String.valueOf(e.getMessage()).contains("native thread");
    }

    private static String limits() {
        return "ulimit -u is " + soft(PROCESSES) + ", ulimit -v is " + soft(ADDRESS_SPACE)
                + ", the cgroup's pids.max is " + pidsMax(CGROUP, CGROUPS);
    }

    private static String soft(String limit) {
        for (String line : lines(LIMITS)) {
            if (line.startsWith(limit)) {
                String rest = line.substring(limit.length()).strip();
                int end = rest.indexOf(' ');
                return end < 0 ? rest : rest.substring(0, end);
            }
        }
        return "unknown";
    }

    /** The least of its control group and those above it, of version 2 or 1; {@code max} where none has a limit. */
    static String pidsMax(Path memberships, Path groups) {
        String least = "unknown";
        for (String line : lines(memberships)) {
            String[] parts = line.split(":", 3); // HIERARCHY:CONTROLLERS:GROUP
            boolean unified = line.startsWith(UNIFIED);
            if (parts.length == 3
                    && (unified || List.of(parts[1].split(",", -1)).contains("pids"))) {
                Path root = unified ? groups : groups.resolve("pids");
                Path group = root.resolve(parts[2].replaceFirst("^/+", "")).normalize();
                for (; group.startsWith(root); group = group.getParent()) {
                    least = lower(least, lines(group.resolve("pids.max")));
                }
            }
        }
        return least;
    }

    private static String lower(String least, List<String> said) {
        String limit = said.isEmpty() ? "" : said.getFirst().strip();
        boolean number = limit.matches("[0-9]{1,18}");
        boolean known = least.matches("[0-9]{1,18}");
        if (number && (!known || Long.parseLong(limit) < Long.parseLong(least))) {
            return limit;
        }
        return limit.equals("max") && !known ? limit : least;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            // Another system, or a container without it: the message does without.
            return List.of();
        }
    }
}
