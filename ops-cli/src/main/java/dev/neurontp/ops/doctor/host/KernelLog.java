package dev.neurontp.ops.doctor.host;

import dev.neurontp.ops.doctor.probe.BoundedChild;
import dev.neurontp.ops.doctor.probe.ChildEnd;
import java.time.Duration;
import java.util.List;

/** The kernel's log, by the host's own programs: dmesg, and the journal where dmesg may not read. */
public final class KernelLog {
    private static final List<List<String>> PROGRAMS =
            List.of(List.of("dmesg"), List.of("journalctl", "-k", "-b", "-o", "short-monotonic", "--no-pager"));

    private KernelLog() {}

    /** What was read, or why nothing could be. */
    public sealed interface Reading {
        /** Its lines about the driver, each with its seconds since boot in square brackets. */
        record Lines(List<String> lines) implements Reading {
            public Lines {
                lines = List.copyOf(lines);
            }
        }

        /** Nobody here may read it, or nobody asked for it. */
        record Unreadable(String reason) implements Reading {}
    }

    /** Reads it within the bound. */
    public static Reading read(Duration bound) throws InterruptedException {
        String reason = "";
        for (List<String> program : PROGRAMS) {
            ChildEnd end = BoundedChild.run(program, bound);
            if (end.succeeded() && !end.output().isBlank()) {
                return new Reading.Lines(end.output()
                        .lines()
                        .filter(line -> line.contains("NVRM") || line.contains("nvidia") || line.contains("SXid"))
                        .toList());
            }
            reason = (reason.isEmpty() ? "" : reason + "; ") + program.getFirst() + ": " + end.problem();
        }
        return new Reading.Unreadable(reason);
    }
}
