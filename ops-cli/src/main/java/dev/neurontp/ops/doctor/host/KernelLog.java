package dev.neurontp.ops.doctor.host;

import dev.neurontp.ops.doctor.probe.BoundedChild;
import dev.neurontp.ops.doctor.probe.ChildEnd;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's log, by the host's own programs: dmesg, and the journal where dmesg may not read or has forgotten the boot. */
public final class KernelLog {
    private static final List<List<String>> PROGRAMS =
            List.of(List.of("dmesg"), List.of("journalctl", "-k", "-b", "-o", "short-monotonic", "--no-pager"));

    private static final Pattern SECONDS = Pattern.compile("^\\W*\\[\\s*(\\d{1,10}\\.\\d{0,9})");
    /** The kernel says its first words long before. */
    private static final double OF_THE_BOOT = 60;

    private static final double NANOS = 1e9;

    private KernelLog() {}

    /** What was read, or why nothing could be. */
    public sealed interface Reading {
        /**
         * What there is.
         *
         * @param lines those about the driver, each with its seconds since boot in square brackets
         * @param since the seconds of the oldest line at all: the kernel keeps the newest alone. 0 where it is one of the boot
         * @param now the seconds at which it was read. Like those of the lines they do not count time in which the host slept, as /proc/uptime does
         */
        record Lines(List<String> lines, double since, double now) implements Reading {
            public Lines {
                lines = List.copyOf(lines);
            }
        }

        /** Nobody here may read it, or nobody asked for it. */
        record Unreadable(String reason) implements Reading {}
    }

    /** The seconds since boot of a line; empty where it has none. */
    public static OptionalDouble seconds(String line) {
        Matcher seconds = SECONDS.matcher(line);
        return seconds.find() ? OptionalDouble.of(Double.parseDouble(seconds.group(1))) : OptionalDouble.empty();
    }

    /** Reads it within the bound. */
    public static Reading read(Duration bound) throws InterruptedException {
        return read(PROGRAMS, bound);
    }

    static Reading read(List<List<String>> programs, Duration bound) throws InterruptedException {
        String reason = "";
        Reading.Lines longest = null;
        for (List<String> program : programs) {
            DriverLines wanted = new DriverLines();
            ChildEnd end = BoundedChild.run(program, wanted, bound);
            if (end.succeeded() && wanted.any()) {
                Reading.Lines lines =
                        new Reading.Lines(end.output().lines().toList(), wanted.since(), System.nanoTime() / NANOS);
                if (lines.since() == 0) {
                    return lines;
                }
                longest = longest == null || lines.since() < longest.since() ? lines : longest;
            }
            reason = (reason.isEmpty() ? "" : reason + "; ") + program.getFirst() + ": "
                    + (end.succeeded() ? "it printed nothing" : end.problem());
        }
        return longest != null ? longest : new Reading.Unreadable(reason);
    }

    /** Keeps the lines about the driver, and when the first of all lines was. Any thread. */
    private static final class DriverLines implements Predicate<String> {
        private volatile OptionalDouble first = OptionalDouble.empty();
        private volatile boolean any;

        @Override
        public boolean test(String line) {
            // journalctl's own words begin so, as where this user may read no journal: "-- No entries --".
            if (!line.isBlank() && !line.startsWith("-- ")) {
                any = true;
            }
            if (first.isEmpty()) {
                first = seconds(line);
            }
            return line.contains("NVRM") || line.contains("nvidia") || line.contains("SXid");
        }

        boolean any() {
            return any;
        }

        double since() {
            double seconds = first.orElse(0);
            return seconds < OF_THE_BOOT ? 0 : seconds;
        }
    }
}
