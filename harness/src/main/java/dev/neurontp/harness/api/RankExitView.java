package dev.neurontp.harness.api;

import java.util.List;
import java.util.Optional;

/**
 * The evidence of how a rank ended.
 *
 * @param exitCode 128 + n for signal n; empty while it runs
 * @param steps what was done to end it: {@code shutdown}, {@code SIGTERM}, {@code SIGKILL}
 * @param leftBehind processes that it left and that were ended
 * @param text for a person: {@code bye, exit 0}
 */
public record RankExitView(
        int rank,
        long pid,
        boolean bye,
        Optional<Integer> exitCode,
        boolean gone,
        List<String> steps,
        boolean outOfMemory,
        List<String> leftBehind,
        double tookMs,
        String text) {}
