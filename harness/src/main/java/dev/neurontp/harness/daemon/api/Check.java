package dev.neurontp.harness.daemon.api;

/** One thing that readiness depends on. */
public record Check(String name, boolean ok, String text) {}
