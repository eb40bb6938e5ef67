package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RuleViolation.Desync;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Judges the replies to lines that were sent without waiting. Replies bear no id, so a wrong one may be the right one to a
 * neighbour: before a line is blamed, all replies are counted. Too many, too few or swapped ones break F4, whatever the lines
 * are about. One thread.
 */
final class Conversation {

    private static final Duration QUIET = Duration.ofMillis(150);
    /** What looks like the answer to the probe may be the reply to a line. */
    private static final Duration AFTER_PROBE = Duration.ofMillis(300);

    private static final Duration LATE = Duration.ofSeconds(1);
    private static final int MOST_MORE = 20;

    private final Session session;
    private final String rule;
    private final Script script;
    private final Duration timeout;
    private final Timeouts timeouts;
    private final SyncProbe probe;
    /** The places of the lines that get a reply. */
    private final List<Integer> asked;

    private final ConversationReplies replies;

    Conversation(Session session, String rule, Script script, Duration timeout, Timeouts timeouts, SyncProbe probe) {
        this.session = session;
        this.rule = rule;
        this.script = script;
        this.timeout = timeout;
        this.timeouts = timeouts;
        this.probe = probe;
        this.asked = IntStream.range(0, script.lines().size())
                .filter(place -> !script.lines().get(place).expect().isSilence())
                .boxed()
                .toList();
        this.replies = new ConversationReplies(asked.size(), index -> reply -> fits(index, reply), probe::isAnsweredBy);
    }

    /** Judges; the lines were sent before. */
    void judge() throws RuleViolation {
        for (int i = 0; i < asked.size(); i++) {
            Output output = await(Deadline.in(timeout));
            if (!(output instanceof Reply reply) || !fits(i, reply)) {
                throw diagnosis(output);
            }
        }
        if (!probe.wasSent()) {
            probe.send();
        }
        Output output = await(Deadline.in(timeout));
        if (output instanceof Reply reply && probe.isAnsweredBy(reply)) {
            probe.answered();
            return;
        }
        throw diagnosis(output);
    }

    /** The next reply. Where none comes for a while the probe goes out, so that a missing one is noticed before the deadline. */
    private Output await(Deadline deadline) {
        Output output = session.await(deadline.atMost(LATE).atMost(timeout.dividedBy(4)), script::describe);
        if (output == null) {
            if (!probe.wasSent()) {
                probe.send();
            }
            output = session.await(deadline, script::describe);
        }
        if (output instanceof Reply reply) {
            replies.add(reply);
        }
        return output;
    }

    private Line line(int index) {
        return script.lines().get(asked.get(index));
    }

    /** Its number as a person counts: from 1 on. */
    private int numberOf(int index) {
        return index < asked.size() ? asked.get(index) + 1 : script.lines().size();
    }

    private boolean fits(int index, Reply reply) {
        return line(index).expect().accepts(session.baseline(), reply);
    }

    private RuleViolation diagnosis(Output first) {
        session.distrust();
        int at = replies.fitting();
        Output last = first instanceof Reply ? theRest() : first;
        if (last instanceof Output.End) {
            return atLine(replies.size(), "no reply: " + session.ended()).ended();
        }
        if (replies.size() > asked.size() + MOST_MORE) {
            return desync(Desync.TOO_MANY, at, replies.size() - asked.size());
        }
        if (!isComplete() && !replies.isLastToTheProbe()) {
            timeouts.waitedInVain();
            RuleViolation held = probe.heldBack(script.describe());
            return held != null
                    ? held
                    : atLine(replies.size(), session.worker().nothingWithin(timeout))
                            .silent();
        }
        int more = replies.size() - 1 - asked.size();
        if (more != 0) {
            return desync(more < 0 ? Desync.TOO_FEW : Desync.TOO_MANY, at, Math.abs(more));
        }
        for (int other = at + 1; other < asked.size(); other++) {
            if (replies.areSwapped(other)) {
                return desync(Desync.SWAPPED, at, other);
            }
        }
        if (replies.isSwappedWithTheProbe()) {
            return desync(Desync.SWAPPED, at, asked.size());
        }
        Line line = line(at);
        String broken = line.expect().rule().orElse(rule);
        return new RuleViolation(
                        broken,
                        script.around(numberOf(at)),
                        line.expect().words(),
                        replies.misfit().toString())
                .about(line)
                .example(script)
                .seen(replies.misfit());
    }

    /** Whether there is a reply to each line, and among those that fit none is one to the probe: it may have come too early. */
    private boolean isComplete() {
        return replies.size() > asked.size() && replies.hasOneToTheProbe();
    }

    /** Everything that comes up to the answer to the probe and shortly after it. */
    private Output theRest() {
        if (!probe.wasSent()) {
            probe.send();
        }
        Deadline deadline = Deadline.in(timeout);
        Output output;
        do {
            Duration patience = isComplete() ? QUIET : replies.isLastToTheProbe() ? AFTER_PROBE : timeout;
            output = session.await(deadline.atMost(patience), script::describe);
            if (output instanceof Reply reply) {
                replies.add(reply);
            }
        } while (output instanceof Reply && replies.size() <= asked.size() + MOST_MORE);
        return output;
    }

    private RuleViolation atLine(int index, String got) {
        boolean isAfterOne = index > 0 && index <= asked.size() && replies.isLastAnError();
        Line afterError = isAfterOne ? line(index - 1) : null;
        if (index >= asked.size()) {
            return new RuleViolation("F4", script.describe() + "\nthen a plain request", "a reply to each line", got)
                    .example(script)
                    .after(afterError);
        }
        Line line = line(index);
        return new RuleViolation(
                        rule, script.around(numberOf(index)), line.expect().words(), got)
                .about(line)
                .example(script)
                .after(afterError);
    }

    private RuleViolation desync(Desync what, int at, int number) {
        int line = numberOf(at);
        String got = switch (what) {
            case TOO_FEW -> Count.of(number, "reply", "replies") + " too few from line " + line + " on at the latest";
            case TOO_MANY -> Count.of(number, "reply", "replies") + " too many from line " + line + " on at the latest";
            case SWAPPED ->
                "the replies to line " + line + " and to "
                        + (number < asked.size() ? "line " + numberOf(number) : "the plain request after all lines")
                        + " have changed places";
        };
        return new RuleViolation("F4", script.around(line), "one reply to each line, in order", got + replies.shown())
                .example(script)
                .outOfStep(what, line);
    }
}
