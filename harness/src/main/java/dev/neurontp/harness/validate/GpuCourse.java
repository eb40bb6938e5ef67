package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The readings of one GPU from before a burn-in to after it, and what they mean. */
final class GpuCourse {
    private static final int MOST_XIDS = 16;

    private final List<String> failures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Slope temperature = new Slope();
    private final Slope clock = new Slope();
    private OptionalLong lastErrors = OptionalLong.empty();
    private boolean pending;
    private boolean lost;
    private boolean slowed;
    private boolean xidsSeen = true;
    private int xids;
    private int readings;

    /**
     * The next reading.
     *
     * @param when such as {@code after cycle 3}
     */
    void add(GpuReading reading, String when) {
        readings++;
        reading.temperature().ifPresent(temperature::add);
        reading.clock().ifPresent(clock::add);
        xidsSeen &= reading.xidsSeen();
        if (reading.lost() && !lost) {
            lost = true;
            failures.add("the GPU is lost, " + when);
        }
        for (long xid : reading.xids()) {
            if (xids++ < MOST_XIDS) {
                failures.add("Xid " + xid + ", " + when);
            }
        }
        errors(reading.uncorrected(), when);
        if (reading.remapPending().orElse(0) > 0 && !pending) {
            pending = true;
            failures.add("a row of its memory waits for its replacement, " + when + ": the GPU needs a reset");
        }
        String slowdown = ThrottleReasons.hardwareWords(reading.slowdowns().orElse(0));
        if (!slowdown.isEmpty() && !slowed) {
            slowed = true;
            warnings.add("slowed down: " + slowdown + ", " + when);
        }
    }

    private void errors(OptionalLong count, String when) {
        if (count.isEmpty()) {
            return;
        }
        if (lastErrors.isPresent() && count.getAsLong() > lastErrors.getAsLong()) {
            failures.add(count.getAsLong() - lastErrors.getAsLong() + " more memory errors that ECC could not correct, "
                    + when);
        }
        lastErrors = count;
    }

    CaseResult result(RankDevice rank) {
        Case of = Case.step(Phase.COUNTERS, "rank " + rank.rank());
        List<String> evidence = new ArrayList<>(List.of(rank.words()));
        evidence.addAll(failures);
        evidence.addAll(warnings);
        evidence.addAll(course());
        if (!failures.isEmpty()) {
            return CaseResult.without(of, Status.FAIL, failures.getFirst(), evidence);
        }
        if (!warnings.isEmpty()) {
            return CaseResult.without(of, Status.WARN, warnings.getFirst(), evidence);
        }
        return CaseResult.without(of, Status.PASS, readings + " readings, " + String.join(", ", course()), evidence);
    }

    private List<String> course() {
        List<String> lines = new ArrayList<>();
        temperature.words("temperature", "C").ifPresent(lines::add);
        clock.words("SM clock", "MHz").ifPresent(lines::add);
        lines.add(
                lastErrors.isPresent()
                        ? String.format(Locale.ROOT, "ECC uncorrected %d", lastErrors.getAsLong())
                        : "no ECC count");
        if (!xidsSeen) {
            lines.add("its Xids cannot be seen here (tpctl doctor --only D30)");
        }
        return lines;
    }
}
