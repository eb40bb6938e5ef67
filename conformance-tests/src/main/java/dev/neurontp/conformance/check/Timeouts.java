package dev.neurontp.conformance.check;

import java.time.Duration;

/**
 * How long a worker gets.
 *
 * @param reply for one reply, or one end
 * @param start for the first reply of a new process
 */
public record Timeouts(Duration reply, Duration start) {

    /** What is expected of an end, apart from the end itself. */
    static final String NOTHING_LEFT = "no process left behind by the end, and stdout closed";

    private static final Duration AFTERMATH = Duration.ofSeconds(2);

    /** Times for a worker whose first reply took this long: starts may take four times that and the timeout. */
    public static Timeouts of(Duration timeout, Duration firstReply) {
        return new Timeouts(timeout, timeout.plus(firstReply.multipliedBy(4)));
    }

    /** How long what a worker started may need to end after the worker. */
    public Duration aftermath() {
        return aftermath(reply);
    }

    static Duration aftermath(Duration timeout) {
        return timeout.compareTo(AFTERMATH) < 0 ? timeout : AFTERMATH;
    }
}
