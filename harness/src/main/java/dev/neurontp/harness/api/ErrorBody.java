package dev.neurontp.harness.api;

import java.util.Map;
import java.util.Optional;

/**
 * One error, for a program and for a person.
 *
 * @param type one of {@link ErrorType}, or a newer one
 * @param message value, rule, what to do
 * @param detail more for a program, by type
 */
public record ErrorBody(String type, String message, Optional<Map<String, Object>> detail) {
    /** An error of a known type. */
    public static ErrorBody of(ErrorType type, String message, Map<String, Object> detail) {
        return new ErrorBody(type.label(), message, detail.isEmpty() ? Optional.empty() : Optional.of(detail));
    }
}
