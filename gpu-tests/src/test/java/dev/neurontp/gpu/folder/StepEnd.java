package dev.neurontp.gpu.folder;

import java.time.Duration;

/**
 * How a step ended.
 *
 * @param words what is to be said of it; empty where its state says all
 */
record StepEnd(State state, Duration took, String words) {
    /** The worst last. */
    enum State {
        PASSED(0),
        NOT_RUN(3),
        FAILED(1),
        /** Its bound was over, and it was ended. */
        TIMED_OUT(1);

        private final int exitCode;

        State(int exitCode) {
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }

        String text() {
            return name().replace('_', ' ');
        }
    }

    static StepEnd notRun(String why) {
        return new StepEnd(State.NOT_RUN, Duration.ZERO, why);
    }

    /** Where hardware is required, what could not run has failed. */
    StepEnd required() {
        return state == State.NOT_RUN ? new StepEnd(State.FAILED, took, "hardware is required: " + words) : this;
    }
}
