package dev.neurontp.conformance.soak;

import dev.neurontp.conformance.process.Usage;

/**
 * What a worker takes at one moment of a soak.
 *
 * @param atMillis since the soak began
 * @param requests answered so far
 */
public record Sample(long atMillis, long requests, Usage usage) {}
