package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Output.Reply;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** What must come back for one line: a reply of some kind, or nothing. */
public final class Expect {

    private enum Form {
        SILENCE,
        MARKER,
        LENIENT,
        AS_BEFORE,
        OTHER
    }

    private final String words;
    private final Form form;
    private final BiPredicate<Baseline, Reply> test;
    private final String rule;

    private Expect(String words, Form form, BiPredicate<Baseline, Reply> test) {
        this(words, form, test, null);
    }

    private Expect(String words, Form form, BiPredicate<Baseline, Reply> test, String rule) {
        this.words = words;
        this.form = form;
        this.test = test;
        this.rule = rule;
    }

    /** The pong that a plain ping gets from this worker. */
    public static Expect pong() {
        return new Expect("the pong that a plain ping gets", Form.OTHER, Baseline::isPong);
    }

    /** The answer that a plain sanity check gets from this worker. */
    public static Expect sanity() {
        return new Expect("what a plain nccl_sanity_check gets", Form.MARKER, Baseline::isSanity);
    }

    /** The answer that a plain init gets from this worker. */
    public static Expect init() {
        return new Expect(
                "what a plain init gets",
                Form.MARKER,
                (base, reply) -> Answer.of(reply).equals(base.init()));
    }

    /** An error of one of these kinds. */
    public static Expect error(String... kinds) {
        List<String> any = List.of(kinds);
        boolean marker = any.stream().noneMatch(kind -> kind.equals("bad_request"));
        return new Expect(
                "an error of kind " + String.join(" or ", any),
                marker ? Form.MARKER : Form.OTHER,
                (base, reply) -> any.stream().anyMatch(reply::isError));
    }

    /** Anything but a success: an error of any kind, no reply, or the worker's end. */
    public static Expect noSuccess() {
        return new Expect("no success reply", Form.LENIENT, (base, reply) -> reply.isError());
    }

    /** An error of any kind. */
    public static Expect anyError() {
        return new Expect("an error", Form.OTHER, (base, reply) -> reply.isError());
    }

    /** One reply, whatever it says. */
    public static Expect anyReply() {
        return new Expect("exactly one reply, whatever it says", Form.OTHER, (base, reply) -> true);
    }

    /** The same, of a request whose answer may be that of a sanity check. */
    public static Expect anyMarker() {
        return new Expect("exactly one reply, whatever it says", Form.MARKER, (base, reply) -> true);
    }

    /** A reply of this shape, judged by the words that it is described with. */
    public static Expect reply(String words, java.util.function.Predicate<Reply> test) {
        return new Expect(words, Form.OTHER, (base, reply) -> test.test(reply));
    }

    /** What the line before it got: for two spellings of one request. */
    public static Expect asBefore() {
        return new Expect("the same as the line before it", Form.AS_BEFORE, (b, r) -> true);
    }

    /** The same expectation, with the rule that a wrong reply breaks, where that is another than the check's. */
    public Expect of(String brokenRule) {
        return new Expect(words, form, test, brokenRule);
    }

    /** The rule that a wrong reply breaks; empty for that of the check. */
    Optional<String> rule() {
        return Optional.ofNullable(rule);
    }

    /** Whether a rank that has joined a group must answer the same as one that has not. */
    boolean concernsNoGroup() {
        return form == Form.SILENCE || form == Form.OTHER;
    }

    boolean isAsBefore() {
        return form == Form.AS_BEFORE;
    }

    /** No reply at all. */
    public static Expect silence() {
        return new Expect("no reply", Form.SILENCE, (base, reply) -> false);
    }

    boolean isSilence() {
        return form == Form.SILENCE;
    }

    /** Whether silence and death are left to another rule. */
    boolean isLenient() {
        return form == Form.LENIENT;
    }

    boolean looksLikeSanity() {
        return form == Form.MARKER;
    }

    boolean accepts(Baseline base, Reply reply) {
        return test.test(base, reply);
    }

    /** What is expected, for a person. */
    String words() {
        return words;
    }
}
