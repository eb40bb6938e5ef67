package dev.neurontp.harness.validate;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

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

    /**
     * Reads once.
     *
     * @param stopped whether the run is ended: a reading that does not come soon after that is given up, and has a problem
     */
    Reading read(BooleanSupplier stopped) throws InterruptedException;

    /** Ends what it has started. */
    @Override
    void close();

    /** One that reads nothing, and why. */
    static GpuWatch none(String reason) {
        return new GpuWatch() {
            @Override
            public Reading read(BooleanSupplier stopped) {
                return new Reading(List.of(), Optional.of(reason), false);
            }

            @Override
            public void close() {}
        };
    }
}
