package dev.neurontp.conformance;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Failure;

/** Hears how a run goes on, from several threads. */
public interface Listener {

    /** Hears nothing. */
    Listener NONE = new Listener() {};

    /** The worker answers, and is judged as of this stage. */
    default void met(String stage, String stageReason, long firstReplyMillis) {}

    /** A check begins. */
    default void begins(Check check) {}

    /** A check is over; {@code done} of {@code all} are. */
    default void done(Check check, int done, int all) {}

    /** A failure was seen for the first time. */
    default void failed(Failure failure) {}
}
