package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.WireText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/**
 * The bounds of NCCL's waits. The defaults end before the leader's own deadlines (120 s for init, 30 s for a sanity
 * check), so that a rank's report of a hang arrives before the leader gives up on the rank.
 *
 * @param init from the start of joining until every rank has joined
 * @param collective one all-reduce
 * @param abort how long an abort, or leaving a group, may take before it is left behind
 * @param ras where NCCL's RAS port answers, host:port
 * @param deviceCheck whether the device fills and checks large buffers itself
 */
record NcclSettings(Duration init, Duration collective, Duration abort, String ras, DeviceCheck deviceCheck) {
    static final String INIT_TIMEOUT = "NEURON_NCCL_INIT_TIMEOUT";
    static final String TIMEOUT = "NEURON_NCCL_TIMEOUT";
    static final String ABORT_TIMEOUT = "NEURON_NCCL_ABORT_TIMEOUT";
    /** NCCL's own variable: where it opens the port is where we ask. */
    static final String RAS_ADDRESS = "NCCL_RAS_ADDR";

    static final String DEFAULT_RAS_ADDRESS = "localhost:28028";
    private static final long MAX_SECONDS = 86_400;
    /** For the question to the RAS port, the abort and the reply to the leader. */
    private static final Duration HEADROOM = Duration.ofSeconds(10);

    private static final int SHARE = 3;

    /**
     * Reads all of them; empty ones count as none.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    static NcclSettings from(Map<String, String> environment) {
        String ras = environment.getOrDefault(RAS_ADDRESS, "");
        return new NcclSettings(
                seconds(environment, INIT_TIMEOUT, "110"),
                seconds(environment, TIMEOUT, "20"),
                seconds(environment, ABORT_TIMEOUT, "3"),
                ras.isEmpty() ? DEFAULT_RAS_ADDRESS : ras,
                DeviceCheck.from(environment));
    }

    /**
     * What the ranks of a leader with these deadlines need in their environment, so that they end before it does and
     * their reports of a hang still arrive: 10 s earlier, or a third of it where it is shorter than 30 s. What the
     * environment sets itself stays.
     *
     * @throws IllegalArgumentException when that is wrong, or does not end before the leader does
     */
    static Map<String, String> timeoutsWithin(Duration init, Duration collective, Map<String, String> environment) {
        return Map.of(
                INIT_TIMEOUT, inside(init, INIT_TIMEOUT, environment),
                TIMEOUT, inside(collective, TIMEOUT, environment));
    }

    private static String inside(Duration leaders, String variable, Map<String, String> environment) {
        String set = environment.getOrDefault(variable, "");
        if (set.isEmpty()) {
            Duration share = leaders.dividedBy(SHARE);
            Duration headroom = share.compareTo(HEADROOM) < 0 ? share : HEADROOM;
            return text(leaders.minus(headroom));
        }
        if (seconds(environment, variable, set).compareTo(leaders) >= 0) {
            throw new IllegalArgumentException(
                    variable + " is " + WireText.quotable(set) + " s, and the leader waits " + text(leaders)
                            + " s: the first must be shorter, or the leader gives up before a rank can say why");
        }
        return set;
    }

    private static String text(Duration duration) {
        return BigDecimal.valueOf(Math.max(1, duration.toMillis()), 3)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static Duration seconds(Map<String, String> environment, String variable, String whenAbsent) {
        String text = environment.getOrDefault(variable, "");
        if (text.isEmpty()) {
            text = whenAbsent;
        }
        // A fraction is for tests, which do not wait for whole seconds.
        if (text.matches("[0-9]{1,5}(\\.[0-9]{1,3})?")) {
            double seconds = Double.parseDouble(text);
            if (seconds > 0 && seconds <= MAX_SECONDS) {
                return Duration.ofMillis(Math.round(seconds * 1000));
            }
        }
        throw new IllegalArgumentException(variable + " is '" + WireText.quotable(text)
                + "': it must be seconds, more than 0 and at most " + MAX_SECONDS);
    }
}
