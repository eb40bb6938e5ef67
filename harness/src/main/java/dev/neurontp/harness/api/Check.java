package dev.neurontp.harness.api;

/** One thing that readiness depends on. */
public record Check(String name, boolean ok, String text) {}
