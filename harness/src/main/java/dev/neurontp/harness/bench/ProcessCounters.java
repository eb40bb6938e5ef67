package dev.neurontp.harness.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel has counted for the threads of a process that live.
 *
 * @param cpuNanos CPU time, in nanoseconds; 0 on a kernel that does not say it
 * @param switches how often a thread gave its core away or lost it
 * @param calls reads and writes, of all files
 */
record ProcessCounters(long cpuNanos, long switches, long calls) {
    private static final Pattern SWITCHES = Pattern.compile("(?m)^(?:non)?voluntary_ctxt_switches:\\s+(\\d{1,18})$");
    private static final Pattern CALLS = Pattern.compile("(?m)^sysc[rw]: (\\d{1,18})$");
    private static final Pattern FIRST = Pattern.compile("^(\\d{1,18}) ");

    /** Those of a child of this process, now. */
    static ProcessCounters of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        long cpu = 0;
        long switches = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                cpu += sum(FIRST, thread.resolve("schedstat"));
                switches += sum(SWITCHES, thread.resolve("status"));
            }
        }
        return new ProcessCounters(cpu, switches, sum(CALLS, process.resolve("io")));
    }

    ProcessCounters since(ProcessCounters earlier) {
        return new ProcessCounters(cpuNanos - earlier.cpuNanos, switches - earlier.switches, calls - earlier.calls);
    }

    private static long sum(Pattern pattern, Path file) {
        try {
            Matcher numbers = pattern.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            return numbers.results()
                    .mapToLong(number -> Long.parseLong(number.group(1)))
                    .sum();
        } catch (IOException _) {
            return 0; // a thread that has ended meanwhile
        }
    }
}
