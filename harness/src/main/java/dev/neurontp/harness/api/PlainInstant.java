package dev.neurontp.harness.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Reads an instant as this program writes it, {@code 2026-01-02T03:04:05.678Z}: the JDK's own reader takes longer than all else of a
 * short answer when it is used for the first time.
 */
final class PlainInstant {
    private static final String FORM = "####-##-##T##:##:##";
    private static final int NANO_DIGITS = 9;

    private PlainInstant() {}

    /** Empty where the text has another form. */
    static Optional<Instant> of(String text) {
        int end = text.length() - 1;
        if (end < FORM.length() || text.charAt(end) != 'Z' || !hasForm(text)) {
            return Optional.empty();
        }
        int digits = end - FORM.length() - 1;
        boolean isFraction = digits > 0 && digits <= NANO_DIGITS && text.charAt(FORM.length()) == '.';
        if (end != FORM.length() && !isFraction) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.of(
                            number(text, 0, 4),
                            number(text, 5, 7),
                            number(text, 8, 10),
                            number(text, 11, 13),
                            number(text, 14, 16),
                            number(text, 17, 19),
                            nanos(text, end))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static boolean hasForm(String text) {
        for (int i = 0; i < FORM.length(); i++) {
            boolean fits = FORM.charAt(i) == '#' ? isDigit(text.charAt(i)) : text.charAt(i) == FORM.charAt(i);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static int nanos(String text, int end) {
        int nanos = 0;
        int place = 100_000_000;
        for (int i = FORM.length() + 1; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                throw new NumberFormatException("no digit");
            }
            nanos += (text.charAt(i) - '0') * place;
            place /= 10;
        }
        return nanos;
    }
}
