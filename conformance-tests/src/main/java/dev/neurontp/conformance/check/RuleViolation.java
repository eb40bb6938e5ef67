package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.Printable;
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
    private transient Answer groupError;
    private boolean withoutSuccess;
    private transient Line line;
    private transient Line afterError;
    private String example;
    private boolean ofScript;
    private boolean drawn;
    private boolean onlyInARun;
    private Desync desync;
    private int lineNumber;

    /** What was seen in place of what was expected. */
    enum Observation {
        /** A reply, but not a right one. */
        REPLY("wrong reply"),
        /** No reply in time. */
        SILENCE("no reply"),
        /** The worker's end. */
        END("worker ended"),
        /** Too many replies, too few, or in another order. */
        DESYNC("replies out of step"),
        /** A line on stdout that nobody asked for. */
        NOISE("no frame on stdout"),
        /** A process that does not end. */
        RUNS_ON("process runs on"),
        /** Anything else. */
        OTHER("rule broken");

        private final String type;

        Observation(String type) {
            this.type = type;
        }

        /** The type of such a failure, in reports. */
        String type() {
            return type;
        }
    }

    /** How replies and lines fail to match. */
    enum Desync {
        TOO_FEW("too few replies"),
        TOO_MANY("too many replies"),
        SWAPPED("replies in another order");

        private final String words;

        Desync(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** A violation of this rule; the message is derived from what was expected and what came. */
    public RuleViolation(String rule, String sent, String expected, String got) {
        super(Printable.lines("expected " + expected + "; got " + got), null, false, false);
        this.rule = rule;
        this.sent = Printable.lines(sent);
        this.expected = Printable.lines(expected);
        this.got = Printable.lines(got);
    }

    /** The same, of another rule. */
    public RuleViolation of(String otherRule) {
        RuleViolation other = new RuleViolation(otherRule, sent, expected, got);
        other.evidence = evidence;
        other.observation = observation;
        other.answer = answer;
        other.groupError = groupError;
        other.withoutSuccess = withoutSuccess;
        other.line = line;
        other.example = example;
        other.ofScript = ofScript;
        other.drawn = drawn;
        other.onlyInARun = onlyInARun;
        other.desync = desync;
        other.lineNumber = lineNumber;
        return other;
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

    /**
     * Notes what a rank of a group has said, or null for nothing, or for an end with a wrong exit code: one that refuses to join fails every check that needs a group, whatever
     * its rule.
     */
    public RuleViolation inGroup(Output said) {
        withoutSuccess = !(said instanceof Output.Reply reply) || reply.isError();
        return said instanceof Output.Reply refusal && refusal.isError() ? refusedInGroup(Answer.of(refusal)) : this;
    }

    RuleViolation refusedInGroup(Answer error) {
        groupError = error;
        return this;
    }

    /**
     * Whether it is an error, an end or a silence where a group was to act: that may be the fault of the process that serves the group. A
     * wrong success is not.
     */
    boolean isWithoutSuccess() {
        return withoutSuccess || observation == Observation.SILENCE || observation == Observation.END;
    }

    /** The error that a rank of a group answered; null where there was none. */
    Answer groupError() {
        return groupError;
    }

    /** Gives the example a name that is the same for every run and on every host; at most a line. */
    RuleViolation example(String name) {
        example = name;
        return this;
    }

    /** The example is that script. */
    RuleViolation example(Script script) {
        ofScript = true;
        return example(script.name());
    }

    /** Whether it is about the lines that were sent, and not about the form of what came back. */
    boolean isOfLines() {
        return ofScript || line != null || desync != null;
    }

    /** Notes that what was tried was drawn at random, though not in a property. */
    RuleViolation drawn() {
        drawn = true;
        return this;
    }

    boolean isDrawn() {
        return drawn;
    }

    /** What failed, as known failures name it; null where what was expected says it all. */
    String example() {
        return example;
    }

    /** Notes that the check alone may not show it: it takes what the process went through before. */
    RuleViolation onlyInARun() {
        onlyInARun = true;
        return this;
    }

    boolean isOnlyInARun() {
        return onlyInARun;
    }

    /** Notes that it is a line that nobody asked for. */
    RuleViolation noise() {
        observation = Observation.NOISE;
        return this;
    }

    /** Notes that the process does not end. */
    RuleViolation runsOn() {
        observation = Observation.RUNS_ON;
        return this;
    }

    /** Notes which line is to blame, where it is one. */
    RuleViolation about(Line blamed) {
        line = blamed;
        return this;
    }

    /** The line to blame; null where it is no single one. */
    Line line() {
        return line;
    }

    /** Notes the line before that got an error, after which there was no reply; null where there was none. */
    RuleViolation after(Line error) {
        afterError = error;
        return this;
    }

    /** The line that got an error just before; null where there was none. */
    Line afterError() {
        return afterError;
    }

    /** Notes that replies and lines do not match, from this line on, counted from 1. */
    RuleViolation outOfStep(Desync how, int fromLine) {
        observation = Observation.DESYNC;
        desync = how;
        lineNumber = fromLine;
        return this;
    }

    Desync desync() {
        return desync;
    }

    int lineNumber() {
        return lineNumber;
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
