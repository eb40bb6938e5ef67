package dev.neurontp.harness.validate;

import java.util.List;

/** Whether real GPUs were behind a run, as far as the ranks have said. What was not seen is not claimed, in either direction. */
public enum Hardware {
    /** Every rank says so. */
    REAL("", ""),
    /** At least one rank says that there is none: loopback, or stand-in libraries. */
    SIMULATED("simulated", "SIMULATED: no GPU was used, times say nothing of hardware, and there is no bandwidth"),
    /** No rank has said anything: their worker has no {@code x_device}, or none started. */
    UNKNOWN("hardware unknown", "HARDWARE UNKNOWN: the ranks did not say what they run on, and nothing was measured");

    private final String mark;
    private final String band;

    Hardware(String mark, String band) {
        this.mark = mark;
        this.band = band;
    }

    static Hardware of(List<RankDevice> ranks) {
        if (ranks.stream()
                .anyMatch(rank -> rank.info().isPresent() && rank.info().get().simulated())) {
            return SIMULATED;
        }
        boolean known =
                !ranks.isEmpty() && ranks.stream().allMatch(rank -> rank.info().isPresent());
        return known ? REAL : UNKNOWN;
    }

    /** The sentence that stands first and last in a report; empty on real hardware. */
    public String band() {
        return band;
    }

    /** A verdict as reports print it: a pass without known hardware says so. */
    public String label(Status status) {
        return status == Status.PASS && !mark.isEmpty() ? status.name() + " (" + mark + ")" : status.name();
    }
}
