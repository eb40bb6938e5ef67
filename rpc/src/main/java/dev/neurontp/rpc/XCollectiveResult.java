package dev.neurontp.rpc;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to {@code x_collective}: what this rank checked and measured. Numbers over u32 are decimal strings on the wire, and
 * an empty string is one that is not there. Each text has at most {@value WireText#MAX_SHORT_CHARS} characters.
 *
 * @param checked elements that were compared, over all checked runs
 * @param wrong those of them that had another value than they must
 * @param firstIndex of the first wrong element in the receive buffer; the buffer's length and more for one behind its end
 * @param expected the value that it must have, for a person, with its bits in hex
 * @param got the value that it had
 * @param cause what explains it, in words, such as {@code rank 3 is missing}; empty where nothing is known
 * @param wrongFrom by the rank that they came from, at most {@value #MAX_SOURCES}
 * @param device times by the device's clock; absent where none was measured
 * @param wall times from the call until the device was idle; absent where none was measured
 * @param arrivedNs CLOCK_MONOTONIC when the first measured run was enqueued; compares between ranks of one boot only
 * @param simulated whether no hardware is behind this, so that times say nothing of hardware
 */
public record XCollectiveResult(
        long checked,
        long wrong,
        OptionalLong firstIndex,
        String expected,
        String got,
        String cause,
        List<Source> wrongFrom,
        Optional<Times> device,
        Optional<Times> wall,
        OptionalLong arrivedNs,
        boolean simulated)
        implements WorkerResponse {
    public static final String OP = "x_collective_result";
    /** The most ranks that {@code wrong_from} names. */
    public static final int MAX_SOURCES = 16;
    /** A reduction's wrong elements that a rank is looked for behind: with more of them {@code wrong_from} has no more than these. */
    public static final int MOST_EXPLAINED = 1 << 16;

    static final String CHECKED = "checked";
    static final String WRONG = "wrong";
    static final String FIRST_INDEX = "first_index";
    static final String EXPECTED = "expected";
    static final String GOT = "got";
    static final String CAUSE = "cause";
    static final String WRONG_FROM = "wrong_from";
    static final String DEVICE_NS = "device_ns";
    static final String WALL_NS = "wall_ns";
    static final String MIN = "_min";
    static final String MEDIAN = "_median";
    static final String MAX = "_max";
    static final String ARRIVED_NS = "arrived_ns";
    static final String SIMULATED = "simulated";

    /**
     * How many wrong elements came from one rank.
     *
     * @param rank 0 to 4294967295
     * @param elements 0 to 2^63 - 1
     */
    public record Source(long rank, long elements) {
        public Source {
            U32.require(WRONG_FROM, rank);
            DecimalString.require(WRONG_FROM, elements);
        }
    }

    /** The times of the measured runs, in nanoseconds. */
    public record Times(long min, long median, long max) {
        public Times {
            DecimalString.require(MIN, min);
            DecimalString.require(MEDIAN, median);
            DecimalString.require(MAX, max);
        }
    }

    public XCollectiveResult {
        DecimalString.require(CHECKED, checked);
        DecimalString.require(WRONG, wrong);
        DecimalString.require(FIRST_INDEX, firstIndex);
        WireText.requireShort(EXPECTED, expected);
        WireText.requireShort(GOT, got);
        WireText.requireShort(CAUSE, cause);
        wrongFrom = List.copyOf(wrongFrom);
        if (wrongFrom.size() > MAX_SOURCES) {
            throw new IllegalArgumentException(
                    WRONG_FROM + " names " + wrongFrom.size() + " ranks: at most " + MAX_SOURCES + " are taken");
        }
        DecimalString.require(ARRIVED_NS, arrivedNs);
    }

    @Override
    public String op() {
        return OP;
    }
}
