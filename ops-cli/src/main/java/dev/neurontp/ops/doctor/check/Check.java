package dev.neurontp.ops.doctor.check;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;

/**
 * One row and how it is looked at.
 *
 * @param look never null; called only where what the row needs is there
 */
public record Check(Row row, Function<Evidence, Finding> look) {
    public Check {
        requireNonNull(row, "row is null");
        requireNonNull(look, "look is null");
    }
}
