package dev.neurontp.harness.daemon.settings;

import java.io.IOException;

/** A part of the daemon that takes new settings. */
@FunctionalInterface
public interface ReloadStep {
    /**
     * Gets ready for {@code next} and changes nothing.
     *
     * @return what puts them in force, and cannot fail; called only when every step is ready
     * @throws IOException with the reason, for an operator: then no step takes anything
     */
    Runnable prepare(Settings next) throws IOException;
}
