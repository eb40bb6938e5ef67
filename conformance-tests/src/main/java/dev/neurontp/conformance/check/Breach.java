package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.WorkerProcess;

/** A rule broken, as seen at one moment; what was sent, expected and seen are a person's words. */
public final class Breach extends Exception {

    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String sent;
    private final String expected;
    private final String got;
    private transient Evidence evidence = Evidence.none();

    /** A breach of this rule; the message is derived from what was expected and what came. */
    public Breach(String rule, String sent, String expected, String got) {
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

    /** Notes how the worker looked at that moment. */
    Breach seenIn(WorkerProcess worker) {
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
