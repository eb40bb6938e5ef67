package dev.neurontp.rpc;

import java.util.Arrays;

/**
 * The last line of a stream and what was made of it: pings and pongs are the same bytes each time, and parsing them costs a JVM that was
 * just started ten times as long as the pipe. Long lines are not kept. For one thread.
 */
public final class RepeatedLine<T> {
    /** A ping or a pong has less. */
    private static final int LONGEST_KEPT = 256;

    private static final byte[] NONE = {};

    private byte[] line = NONE;
    private T meaning;

    /** What the last line meant, where this is the same; else null. */
    public T of(byte[] again) {
        return Arrays.equals(again, line) ? meaning : null;
    }

    /** Keeps it in the place of the one before, or nothing where it is long. {@code read} is not copied. */
    public void keep(byte[] read, T meant) {
        boolean kept = read.length <= LONGEST_KEPT;
        line = kept ? read : NONE;
        meaning = kept ? meant : null;
    }
}
