package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XDeviceInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
        if (ranks.stream().map(RankDevice::info).flatMap(Optional::stream).anyMatch(XDeviceInfo::simulated)) {
            return SIMULATED;
        }
        boolean known =
                !ranks.isEmpty() && ranks.stream().allMatch(rank -> rank.info().isPresent());
        return known ? REAL : UNKNOWN;
    }

    /** Before a suite's name, so that runs without known hardware stay apart in every system that shows it. */
    String prefix() {
        return this == REAL ? "" : name().toLowerCase(Locale.ROOT) + ".";
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
