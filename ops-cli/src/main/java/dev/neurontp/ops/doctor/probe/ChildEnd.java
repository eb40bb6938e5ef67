package dev.neurontp.ops.doctor.probe;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.text.ForeignText;
import java.util.Optional;

/**
 * How a bounded child ended.
 *
 * @param output what it printed on stdout until then, at most 1 MiB
 * @param errors the first lines of its stderr
 * @param exitCode empty when it did not end by itself
 * @param hang where it was when its time was over: its pid, state and place in the kernel
 * @param notStarted why it could not be started
 */
public record ChildEnd(
        String output, String errors, Optional<Integer> exitCode, Optional<String> hang, Optional<String> notStarted) {
    private static final int LONGEST = 300;

    public ChildEnd {
        requireNonNull(output, "output is null");
        errors = ForeignText.of(errors.strip(), LONGEST);
        requireNonNull(exitCode, "exitCode is null");
        requireNonNull(hang, "hang is null");
        requireNonNull(notStarted, "notStarted is null");
    }

    static ChildEnd notStarted(String why) {
        return new ChildEnd("", "", Optional.empty(), Optional.empty(), Optional.of(ForeignText.of(why, LONGEST)));
    }

    public boolean succeeded() {
        return exitCode.filter(code -> code == 0).isPresent();
    }

    /** Why it did not succeed, in one clause; empty when it did. */
    public String problem() {
        if (succeeded()) {
            return "";
        }
        return notStarted
                .or(() -> hang)
                .orElseGet(() -> "exit code " + exitCode.orElse(-1) + (errors.isEmpty() ? "" : ": " + errors));
    }
}
