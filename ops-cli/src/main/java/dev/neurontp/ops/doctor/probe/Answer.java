package dev.neurontp.ops.doctor.probe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What a probe found out.
 *
 * @param facts what it said, up to where it ended or hung
 * @param problem why it has not said all; empty when it has
 * @param hang where it hangs; empty when it ended
 */
public record Answer(Facts facts, Optional<String> problem, Optional<String> hang) {
    public Answer {
        requireNonNull(facts, "facts is null");
        requireNonNull(problem, "problem is null");
        requireNonNull(hang, "hang is null");
    }

    /** Of a probe that was not started. */
    public static Answer notAsked(String why) {
        return new Answer(Facts.NONE, Optional.of(why), Optional.empty());
    }

    /** Of a probe that has ended or hangs. */
    public static Answer of(ChildEnd end) {
        Facts facts = Facts.parse(end.output());
        Optional<String> hang = end.hang()
                .map(where -> where
                        + facts.text("asking")
                                .map(what -> ", while asked for " + what)
                                .orElse(""));
        Optional<String> problem = facts.text("problem")
                .or(() -> hang)
                .or(() -> end.succeeded() ? Optional.empty() : Optional.of(end.problem()));
        return new Answer(facts, problem, hang);
    }
}
