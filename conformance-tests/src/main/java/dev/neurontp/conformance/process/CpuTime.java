package dev.neurontp.conformance.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * CPU time, in the kernel's steps of 10 ms.
 *
 * @param own that of this process
 * @param children that of all children that have ended, and of theirs which they have waited for
 */
public record CpuTime(Duration own, Duration children) {
    /** Nothing, and what is not known. */
    public static final CpuTime NONE = new CpuTime(Duration.ZERO, Duration.ZERO);

    private static final Duration TICK = Duration.ofMillis(10);
    // Fields behind the name, counted from 0: utime is field 14 of proc(5), so each index is its field less 3.
    private static final int USER = 11;

    /** What /proc says of this process now. */
    public static CpuTime now() {
        return of("self");
    }

    /** What /proc says of that process now; {@link #NONE} where it has ended. */
    static CpuTime of(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return new CpuTime(
                    ticks(fields[USER]).plus(ticks(fields[USER + 1])),
                    ticks(fields[USER + 2]).plus(ticks(fields[USER + 3])));
        } catch (IOException _) {
            return NONE;
        }
    }

    private static Duration ticks(String count) {
        return TICK.multipliedBy(Long.parseLong(count));
    }

    /** What has been used since. */
    public CpuTime since(CpuTime earlier) {
        return new CpuTime(own.minus(earlier.own), children.minus(earlier.children));
    }
}
