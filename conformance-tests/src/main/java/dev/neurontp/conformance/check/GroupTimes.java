package dev.neurontp.conformance.check;

import java.time.Duration;

/** How long the groups of this run needed to join, and so how long the next one may need. Any thread. */
public final class GroupTimes {

    /** A minute is normal for an init on a large host. */
    private static final Duration FIRST_JOIN = Duration.ofMinutes(2);

    private static final int SLOWER = 10;

    private Duration slowest = Duration.ZERO;
    private boolean known;

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
