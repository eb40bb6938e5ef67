package dev.neurontp.conformance.check;

import java.time.Duration;

/**
 * How long a worker gets.
 *
 * @param reply for one reply, or one end
 * @param start for the first reply of a new process
 */
public record Timeouts(Duration reply, Duration start) {

    /** Times for a worker whose first reply took this long: starts may take four times that and the timeout. */
    public static Timeouts of(Duration timeout, Duration firstReply) {
        return new Timeouts(timeout, timeout.plus(firstReply.multipliedBy(4)));
    }
}
