package dev.neurontp.harness.daemon.history;

import java.time.Duration;

/**
 * How much is kept.
 *
 * @param pools of all daemons that share the folder; 0 for no history
 * @param bytes of one pool's events and lines together
 * @param age since a pool's last sign
 */
public record HistoryLimits(int pools, int bytes, Duration age) {
    /** An event is a few hundred bytes, a line up to 4 KiB. */
    private static final int EVENTS_SHARE = 4;

    int eventBytes() {
        return bytes / EVENTS_SHARE;
    }

    int lineBytes() {
        return bytes - eventBytes();
    }
}
