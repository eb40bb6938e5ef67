package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An exit code for a person, with the signal that may be behind it and the limit of the host behind that. */
public final class ExitWords {
    private static final int SIGNALLED = 128;
    private static final int KILLED = 137;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(10, "SIGUSR1"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(12, "SIGUSR2"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU: its limit on CPU time is used up, raise it with ulimit -t"),
            Map.entry(25, "SIGXFSZ: its limit on the size of files is reached, raise it with ulimit -f"),
            Map.entry(31, "SIGSYS"));

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern CPU_SECONDS = Pattern.compile("(?m)^Max cpu time +\\S+ +(\\d+) ");

    private ExitWords() {}

    /** {@code 139 (SIGSEGV)}. Java reports a signal as 128 and its number, and a program may exit with that number itself. */
    public static String of(int code) {
        String signal = SIGNALS.get(code - SIGNALLED);
        return signal == null ? String.valueOf(code) : code + " (" + signal + ")";
    }

    /** The same of a child of this process that nobody here has killed: the kernel may have, since it has our limit on CPU time. */
    public static String ofChild(int code) {
        try {
            return ofChild(code, code == KILLED ? Files.readString(LIMITS, StandardCharsets.ISO_8859_1) : "");
        } catch (IOException _) {
            return of(code); // nothing is known of limits
        }
    }

    static String ofChild(int code, String limits) {
        Matcher cpu = CPU_SECONDS.matcher(limits);
        return code == KILLED && cpu.find()
                ? code + " (SIGKILL, which is also what ends it after " + cpu.group(1) + " s of CPU time: ulimit -t)"
                : of(code);
    }
}
