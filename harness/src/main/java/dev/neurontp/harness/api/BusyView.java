package dev.neurontp.harness.api;

import java.util.Optional;

/**
 * The operation that is under way on a pool.
 *
 * @param operation its id; empty for a ping that the daemon makes for its own proof
 * @param text for a person: {@code init, 12 s of 120 s}
 */
public record BusyView(String op, Optional<String> operation, long elapsedMs, long limitMs, String text) {}
