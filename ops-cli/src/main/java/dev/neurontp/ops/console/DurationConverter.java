package dev.neurontp.ops.console;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the durations of options as the daemon reads its own. */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final Duration LONGEST = Duration.ofDays(365);

    @Override
    public Duration convert(String value) {
        return Durations.parse(value)
                .filter(time -> time.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> new TypeConversionException("'" + value
                        + "' is no duration: it must be a whole number and a unit, like 500ms, 30s, 2m or 1h, and"
                        + " at most 8760h, a year"));
    }
}
