package dev.neurontp.conformance.check;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * How long a worker gets. A right worker lets nobody wait in vain: once several waits for a reply have taken their full time,
 * all later ones of the run are short, so that a worker which goes deaf is judged to the end all the same. Any thread.
 */
public final class Timeouts {

    /** What is expected of an end, apart from the end itself. */
    static final String NOTHING_LEFT = "no process left behind by the end, and stdout closed";

    private static final Duration AFTERMATH = Duration.ofSeconds(2);
    /** So many waits take their full time, whatever comes of them. */
    private static final int FULL_WAITS = 3;
    /** So many workers that say nothing after an error show what all later ones do. */
    private static final int DEAF = 2;

    private static final int STARTS = 4;

    private static final Duration SHORT = Duration.ofSeconds(2);

    private final Duration timeout;
    private final Duration firstReply;
    private final IntSupplier running;
    private final AtomicInteger inVain = new AtomicInteger();
    private final AtomicInteger deafAfterError = new AtomicInteger();

    private Timeouts(Duration timeout, Duration firstReply, IntSupplier running) {
        this.timeout = timeout;
        this.firstReply = firstReply;
        this.running = running;
    }

    /**
     * Times for a worker whose first reply took this long, alone: starts may take four times that and the timeout, and more where more
     * processes are running, which may share one CPU.
     */
    public static Timeouts of(Duration timeout, Duration firstReply, IntSupplier running) {
        return new Timeouts(timeout, firstReply, running);
    }

    /** How long the first process took to its first reply. */
    public Duration firstReply() {
        return firstReply;
    }

    /** For one reply. */
    public Duration reply() {
        Duration shorter = SHORT.plus(firstReply);
        return inVain.get() < FULL_WAITS || timeout.compareTo(shorter) < 0 ? timeout : shorter;
    }

    /** For one end. */
    public Duration end() {
        return timeout;
    }

    /** For the first reply of a new process. */
    public Duration start() {
        return timeout.plus(firstReply.multipliedBy(Math.max(STARTS, 2L * running.getAsInt())));
    }

    /** How long what a worker started may need to end after the worker. */
    public Duration aftermath() {
        return aftermath(timeout);
    }

    static Duration aftermath(Duration timeout) {
        return timeout.compareTo(AFTERMATH) < 0 ? timeout : AFTERMATH;
    }

    /** No reply came within its time. */
    void waitedInVain() {
        inVain.incrementAndGet();
    }

    /** The request after an error got no reply. */
    void deafAfterError() {
        deafAfterError.incrementAndGet();
    }

    /** Whether this worker is known to answer nothing after an error: then it need not be asked again. */
    boolean isDeafAfterErrors() {
        return deafAfterError.get() >= DEAF;
    }
}
