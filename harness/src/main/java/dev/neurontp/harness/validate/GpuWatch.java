package dev.neurontp.harness.validate;

import java.util.List;
import java.util.Optional;

/** Reads the counters of this host's GPUs as often as it is asked. One thread; every reading has a bound. */
public interface GpuWatch extends AutoCloseable {
    /**
     * One reading.
     *
     * @param problem why there is none; empty where there is one
     * @param hung whether the driver does not answer any more
     */
    record Reading(List<GpuReading> gpus, Optional<String> problem, boolean hung) {
        public Reading {
            gpus = List.copyOf(gpus);
        }
    }

    Reading read() throws InterruptedException;

    /** Ends what it has started. */
    @Override
    void close();

    /** One that reads nothing, and why. */
    static GpuWatch none(String reason) {
        return new GpuWatch() {
            @Override
            public Reading read() {
                return new Reading(List.of(), Optional.of(reason), false);
            }

            @Override
            public void close() {}
        };
    }
}
