package dev.neurontp.ops.doctor;

import static java.util.Objects.requireNonNull;

import dev.neurontp.ops.doctor.check.Finding;
import dev.neurontp.ops.doctor.check.Row;

/** What was found at a row. */
record Result(Row row, Finding finding) {
    Result {
        requireNonNull(row, "row is null");
        requireNonNull(finding, "finding is null");
    }
}
