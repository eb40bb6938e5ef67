package dev.neurontp.harness.process;

/**
 * Takes what workers write to stderr, line by line. Called from one thread per rank; a slow listener holds up that
 * worker and nobody else. A line is cut at 4096 bytes; bytes that are no UTF-8 come as U+FFFD, control characters as
 * '?'.
 */
@FunctionalInterface
public interface StderrListener {
    void line(int rank, String line);
}
