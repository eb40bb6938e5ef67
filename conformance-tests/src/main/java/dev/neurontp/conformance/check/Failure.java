package dev.neurontp.conformance.check;

import java.util.List;

/**
 * One failure, with all that a person needs to mend the worker.
 *
 * @param message what is wrong, in one line that is the same for every seed as far as possible
 * @param atMillis when it was seen, in milliseconds since that process's start
 * @param stderr the last lines of stderr
 * @param ending how the process ended, or that it was still running
 * @param shrunk whether {@code sent} is the smallest input that still fails, found by shrinking
 * @param times how often the same was seen in this run
 */
public record Failure(
        String rule,
        String check,
        String message,
        String sent,
        String expected,
        String got,
        long atMillis,
        List<String> stderr,
        String ending,
        boolean shrunk,
        String rerun,
        int times,
        List<String> transcript) {

    public Failure {
        stderr = List.copyOf(stderr);
        transcript = List.copyOf(transcript);
    }

    Failure again() {
        return new Failure(
                rule,
                check,
                message,
                sent,
                expected,
                got,
                atMillis,
                stderr,
                ending,
                shrunk,
                rerun,
                times + 1,
                transcript);
    }
}
