package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import java.time.Duration;

/**
 * The request that is sent after a script. Its answer is known and differs from the last one that the script
 * expects: so a reply too many or too few is noticed in the script that caused it. What is wrong then is no fault
 * of the rule that the script is about, and is left with the session.
 */
final class SyncProbe {

    private static final Duration SHORTLY = Duration.ofSeconds(1);

    private final Session session;
    private final Script script;
    private final String rule;
    private final Duration timeout;
    private final Timeouts timeouts;
    private boolean isPing;
    private boolean sent;

    SyncProbe(Session session, Script script, String rule, Duration timeout, Timeouts timeouts) {
        this.session = session;
        this.script = script;
        this.rule = rule;
        this.timeout = timeout;
        this.timeouts = timeouts;
        this.isPing = script.lines().isEmpty()
                ? !session.baseline().sanityIsDistinct()
                : isPingAfter(script.lines().getLast());
    }

    /** Whether it is under way: sent, and not answered as ever. */
    boolean wasSent() {
        return sent;
    }

    void send() {
        sent = true;
        session.worker().write(isPing ? Session.PING : Session.SANITY);
    }

    /** Sends it behind this line, so that its answer is told from a late reply to that line. */
    void sendAfter(Line line) {
        if (!line.expect().isAsBefore()) {
            isPing = isPingAfter(line);
        }
        send();
    }

    /** Chooses what is asked next so that its answer is another than this, which came last. */
    void follow(Answer last) {
        isPing = !session.baseline().sanityIsDistinct()
                || last.equals(session.baseline().sanity());
    }

    private boolean isPingAfter(Line line) {
        return !session.baseline().sanityIsDistinct() || line.expect().looksLikeSanity();
    }

    /** Notes that its answer came. */
    void answered() {
        sent = false;
    }

    /** Whether this is what a worker that keeps count answers to it. */
    boolean isAnsweredBy(Output output) {
        return output instanceof Reply reply
                && (isPing
                        ? session.baseline().isPong(reply)
                        : session.baseline().isSanity(reply));
    }

    /**
     * Sends it, and judges what comes.
     *
     * @throws RuleViolation if the script is all silence and was answered: that is the script's own rule
     */
    void ask(boolean afterError) throws RuleViolation {
        send();
        requireAnswer(afterError);
    }

    /** Judges what comes back for it, where it was sent before. */
    void requireAnswer(boolean afterError) throws RuleViolation {
        Output output = session.await(Deadline.in(timeout), script::describe);
        if (isAnsweredBy(output)) {
            sent = false;
            return;
        }
        session.distrust();
        if (output == null) {
            timeouts.waitedInVain();
        }
        if (output == null && afterError) {
            timeouts.deafAfterError();
        }
        String both = script.describe() + "\nthen " + text();
        if (script.lines().stream().allMatch(line -> line.expect().isSilence())) {
            throw violation(rule, both, "no reply to the first, and the second answered as ever", output);
        }
        String serving = afterError ? "O8" : "F4";
        if (output instanceof Reply reply && isOneTooMany()) {
            session.addIncidental(new RuleViolation("F4", script.describe(), "one reply a line", "one more: " + reply)
                    .about(script.lines().getLast())
                    .example(script)
                    .seen(reply));
            return;
        }
        RuleViolation held = output == null ? heldBack(both) : null;
        session.addIncidental(
                held != null ? held : violation(serving, both, "the next request to be answered as ever", output));
    }

    /** Asks once more without judging: where the answer is not as ever the session is not used again. */
    void settle() {
        send();
        if (!isAnsweredBy(session.await(Deadline.in(timeout), script::describe))) {
            session.distrust();
        }
    }

    /** A worker that answers only once stdin is closed did answer, and did not flush. */
    RuleViolation heldBack(String what) {
        session.worker().closeStdin();
        Output late = session.await(Deadline.in(SHORTLY), () -> what);
        return late instanceof Reply reply && reply.op().filter("bye"::equals).isEmpty()
                ? new RuleViolation("F7", what, "each reply at once", "replies only after stdin was closed: " + reply)
                        .about(script.lines().getLast())
                        .example(script)
                : null;
    }

    /** Whether the answer comes behind the wrong reply: then there was one reply more, not another one. */
    private boolean isOneTooMany() {
        session.worker().write(isPing ? Session.PING : Session.SANITY);
        Output next = session.await(Deadline.in(timeout), script::describe);
        return isAnsweredBy(next) && session.await(Deadline.in(SHORTLY), script::describe) instanceof Reply;
    }

    private RuleViolation violation(String of, String what, String expected, Output output) {
        return switch (output) {
            case null ->
                new RuleViolation(of, what, expected, session.worker().nothingWithin(timeout))
                        .about(script.lines().getLast())
                        .example(script)
                        .silent();
            case Reply reply ->
                new RuleViolation(of, what, expected, reply.toString())
                        .about(script.lines().getLast())
                        .example(script)
                        .seen(reply);
            default ->
                new RuleViolation(of, what, expected, session.ended())
                        .about(script.lines().getLast())
                        .example(script)
                        .ended();
        };
    }

    private String text() {
        return isPing ? "{\"op\":\"ping\"}" : "{\"op\":\"nccl_sanity_check\"}";
    }
}
