package dev.neurontp.harness.daemon.api;

/** The one shape of every error. */
public record ErrorEnvelope(ErrorBody error) {}
