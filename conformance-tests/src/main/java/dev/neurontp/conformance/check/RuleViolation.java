package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.WorkerProcess;

/** A rule broken, as seen at one moment; what was sent, expected and seen are a person's words. */
public final class RuleViolation extends Exception {

    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String sent;
    private final String expected;
    private final String got;
    private transient Evidence evidence = Evidence.none();
    private Observation observation = Observation.OTHER;
    private transient Answer answer;

    /** What was seen in place of what was expected. */
    enum Observation {
        /** A reply, but not a right one. */
        REPLY,
        /** No reply in time. */
        SILENCE,
        /** The worker's end. */
        END,
        /** Anything else, such as a line that is no frame. */
        OTHER
    }

    /** A violation of this rule; the message is derived from what was expected and what came. */
    public RuleViolation(String rule, String sent, String expected, String got) {
        super("expected " + expected + "; got " + got, null, false, false);
        this.rule = rule;
        this.sent = sent;
        this.expected = expected;
        this.got = got;
    }

    /** The id of the rule. */
    public String rule() {
        return rule;
    }

    /** Notes that there was a reply, but not a right one. */
    RuleViolation seen(Reply reply) {
        observation = Observation.REPLY;
        answer = Answer.of(reply);
        return this;
    }

    /** Notes that there was no reply in time. */
    RuleViolation silent() {
        observation = Observation.SILENCE;
        return this;
    }

    /** Notes that stdout or the process ended instead. */
    RuleViolation ended() {
        observation = Observation.END;
        return this;
    }

    Observation observation() {
        return observation;
    }

    /** What the wrong reply says; null where there was none. */
    Answer answer() {
        return answer;
    }

    /** Notes how the worker looked at that moment. */
    RuleViolation seenIn(WorkerProcess worker) {
        evidence = Evidence.of(worker, 0);
        return this;
    }

    Evidence evidence() {
        return evidence;
    }

    String sent() {
        return sent;
    }

    String expected() {
        return expected;
    }

    String got() {
        return got;
    }
}
