package dev.neurontp.conformance.check;

import java.time.Duration;

/** How long the groups of this run and their makers needed, and so how long the next ones may need. Any thread. */
public final class GroupTimes {

    /** A minute is normal for an init on a large host. */
    private static final Duration FIRST_JOIN = Duration.ofMinutes(2);

    private static final int SLOWER = 10;

    private static final Duration MAKER = Duration.ofSeconds(30);
    private static final Duration SILENT_MAKER = Duration.ofSeconds(2);

    private Duration slowest = Duration.ZERO;
    private boolean known;
    private boolean makerIsSilent;

    /** How long a comm_id may need to be made: far less once one has been waited for in vain. */
    public synchronized Duration maker() {
        return makerIsSilent ? SILENT_MAKER : MAKER;
    }

    /** A comm_id was waited for in vain. */
    public synchronized void makerWasSilent() {
        makerIsSilent = true;
    }

    /** A group has joined within this time. */
    public synchronized void joined(Duration time) {
        known = true;
        slowest = time.compareTo(slowest) > 0 ? time : slowest;
    }

    /** How long a group may need: far longer than any before it, at least this, and two minutes as long as none has joined. */
    public synchronized Duration join(Duration atLeast) {
        if (!known) {
            return FIRST_JOIN;
        }
        Duration patient = slowest.multipliedBy(SLOWER).plus(atLeast);
        return patient.compareTo(FIRST_JOIN) < 0 ? patient : FIRST_JOIN;
    }
}
