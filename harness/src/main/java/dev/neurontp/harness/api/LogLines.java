package dev.neurontp.harness.api;

import java.util.List;

/**
 * Lines of a pool's workers, in the order in which they came.
 *
 * @param lastSeq of the newest line there is
 * @param dropped how many older lines are not kept any more
 */
public record LogLines(List<LogLine> lines, long lastSeq, long dropped) {}
