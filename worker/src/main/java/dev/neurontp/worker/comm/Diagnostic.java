package dev.neurontp.worker.comm;

import static java.util.Objects.requireNonNull;

import dev.neurontp.rpc.WireText;

/**
 * One line of a communicator's own diagnostics.
 *
 * @param finding what it is
 * @param text the line without its mark; foreign text, cut at {@link WireText#MAX_SHORT_CHARS} characters and without control
 *     characters
 */
public record Diagnostic(Finding finding, String text) {
    /** What a line is. */
    public enum Finding {
        /** A check that found nothing wrong. */
        OK,
        /** A check that failed or could not be completed: a person has to look at it. */
        REVIEW,
        /** Neither: a heading, or how long it took. */
        NOTE
    }

    public Diagnostic {
        requireNonNull(finding, "finding is null");
        text = WireText.shortened(text);
    }
}
