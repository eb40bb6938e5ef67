package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final long MILLI = 1_000_000;

    /** The file may have changed since the first one was read. */
    @Test
    void aSignalThatAsksForSomethingCountsEachTime() {
        Signals signals = new Signals(number -> {}, Set.of(Signals.SIGHUP));
        assertThat(signals.isNew(Signals.SIGHUP, 0)).isTrue();
        assertThat(signals.isNew(Signals.SIGHUP, MILLI)).isTrue();
    }

    @Test
    void theSameSignalAgainAtOnceIsOneSignal() {
        Signals signals = new Signals(number -> {}, Set.of());
        assertThat(signals.isNew(15, 0)).isTrue();
        assertThat(signals.isNew(15, MILLI)).isFalse();
        assertThat(signals.isNew(15, 199 * MILLI)).isFalse();
        assertThat(signals.isNew(2, 199 * MILLI)).as("another signal").isTrue();
        assertThat(signals.isNew(15, 398 * MILLI)).as("the same burst").isFalse();
        assertThat(signals.isNew(15, 599 * MILLI)).as("later").isTrue();
    }
}
