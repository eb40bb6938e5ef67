package dev.neurontp.harness.api;

/** The one shape of every error. */
public record ErrorEnvelope(ErrorBody error) {}
