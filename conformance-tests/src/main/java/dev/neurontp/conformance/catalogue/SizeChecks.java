package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.check.Script;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.process.StartFailure;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** F8, O7, O10s: large and deep requests. A comm_id that is large is with those of S1, S2 and S5. */
final class SizeChecks {

    private static final int MEGABYTE = 1 << 20;
    /** For one of them: a second each, as for the lines of a script. */
    private static final Duration SLOWER = Duration.ofSeconds(2);

    private static final String PAD = "\"pad\":\"";
    private static final int LEVELS_TAKEN = 126;
    private static final int LEVELS_SURVIVED = 100_000;

    private SizeChecks() {}

    static List<Check> all(Contract contract) {
        int max = contract.maxFrameBytes();
        return List.of(
                new Check.Examples("F8.sizes", "frames of 1 KiB to 1 MiB, around each power of two", sizes()),
                new Check.Examples("F8.largest", "frames of " + max + " bytes", List.of(largest(max))),
                new Check.Examples("F8.other-kinds", "requests of 1 MiB that are no ping", otherKinds()),
                new Check.Own("F8.shutdown", "a shutdown of 1 MiB", SizeChecks::shutdown),
                new Check.Examples("O7.taken", "126 levels in an ignored field", taken()),
                new Check.Examples("O7.survived", "100 000 levels", survived()),
                new Check.Examples(
                        "O10s.long-op", "an op of 1 MiB is not quoted whole", List.of(longOp(MEGABYTE), wideOp(5000))),
                new Check.Examples("O10s.long-junk", "a line of 10 MiB is not quoted whole", List.of(junk(10 << 20))));
    }

    /** Around the sizes of buffers, with LF and without. */
    private static List<Script> sizes() {
        return IntStream.rangeClosed(10, 20)
                .map(power -> 1 << power)
                .boxed()
                .flatMap(size -> Stream.of(size - 1, size, size + 1))
                .map(SizeChecks::padded)
                .toList();
    }

    private static Script padded(int length) {
        return Script.of(Line.filled("{\"op\":\"ping\",\"pad\":\"", "a", length, "\"}", Expect.pong()));
    }

    /** Of text, of white space before and behind, and of escapes, one after another. */
    private static Script largest(int length) {
        return Script.of(
                Line.filled("{\"op\":\"ping\",\"pad\":\"", "a", length, "\"}", Expect.pong()),
                Line.filled("", " ", length, RankGroup.PING, Expect.pong()),
                Line.filled(RankGroup.PING, " ", length, "", Expect.pong()),
                Line.filled("{\"op\":\"ping\",\"pad\":\"", "\\u0061", length, "\"}", Expect.pong()));
    }

    /** What they get is what they get when they are short: a worker may read each op in its own way. */
    private static List<Script> otherKinds() {
        return List.of(
                Script.of(ofMegabyte("{\"op\":\"nccl_sanity_check\",", Expect.sanity())),
                Script.of(ofMegabyte("{\"op\":\"no such op\",", Expect.error("bad_request", "unknown_op"))),
                Script.of(
                        Line.of("{\"op\":\"init\",\"comm_id\":\"beef\"}", Expect.anyMarker()),
                        ofMegabyte("{\"op\":\"init\",\"comm_id\":\"beef\",", Expect.asBefore())));
    }

    private static Line ofMegabyte(String head, Expect expect) {
        return Line.filled(head + PAD, "a", MEGABYTE, "\"}", expect);
    }

    /** How it ends after its bye is the matter of L2. */
    private static void shutdown(CheckContext context) throws RuleViolation, StartFailure {
        String head = "{\"op\":\"shutdown\"," + PAD;
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.send(head + "a".repeat(MEGABYTE - head.length() - 2) + "\"}");
        worker.reply("bye as the reply to a shutdown of 1 MiB", reply -> !LifeChecks.isNo(reply, "bye"), SLOWER);
    }

    private static Script longOp(int length) {
        return Script.of(Line.filled("{\"op\":\"", "o", length, "\"}", Expect.anyReply()));
    }

    /** Its characters are fewer than a message may have bytes. */
    private static Script wideOp(int characters) {
        return Script.line("{\"op\":\"" + "\ud83d\ude00".repeat(characters) + "\"}", Expect.anyReply());
    }

    private static Script junk(int length) {
        return Script.of(Line.filled("junk ", "j", length, "", Expect.anyReply()));
    }

    private static List<Script> taken() {
        return List.of(
                deep("[", "", "]", LEVELS_TAKEN, Expect.pong()),
                deep("{\"x\":", "1", "}", LEVELS_TAKEN, Expect.pong()),
                deep("[{\"x\":", "null", "}]", LEVELS_TAKEN / 2, Expect.pong()));
    }

    private static List<Script> survived() {
        return List.of(
                deep("[", "", "]", LEVELS_SURVIVED, Expect.anyReply()),
                deep("{\"x\":", "1", "}", LEVELS_SURVIVED, Expect.anyReply()),
                Script.line("[".repeat(LEVELS_SURVIVED), Expect.anyReply()));
    }

    private static Script deep(String open, String middle, String close, int levels, Expect expect) {
        String value = open.repeat(levels) + middle + close.repeat(levels);
        return Script.line("{\"op\":\"ping\",\"x\":" + value + "}", expect);
    }
}
