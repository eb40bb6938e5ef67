package dev.neurontp.harness.validate;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a GPU's management library says of it at one moment; empty where it does not.
 *
 * @param uuid as {@code x_device} has it
 * @param temperature in degrees Celsius
 * @param clock of the multiprocessors, in MHz
 * @param slowdowns nvmlClocksEventReasons, as bits
 * @param uncorrected memory errors that ECC could not correct, since the driver was loaded
 * @param remapPending rows that the next reset replaces
 * @param xids of the driver since the last reading
 * @param xidsSeen whether Xids can be seen at all
 * @param lost whether the GPU has fallen off its bus
 */
public record GpuReading(
        String uuid,
        OptionalLong temperature,
        OptionalLong clock,
        OptionalLong slowdowns,
        OptionalLong uncorrected,
        OptionalLong remapPending,
        List<Long> xids,
        boolean xidsSeen,
        boolean lost) {
    public GpuReading {
        xids = List.copyOf(xids);
    }
}
