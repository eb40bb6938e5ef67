package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.Script;
import dev.neurontp.conformance.contract.Contract;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** F8, O7, O10s: large and deep requests. */
final class SizeChecks {

    private static final int LEVELS_TAKEN = 126;
    private static final int LEVELS_SURVIVED = 100_000;

    private SizeChecks() {}

    static List<Check> all(Contract contract) {
        int max = contract.maxFrameBytes();
        return List.of(
                new Check.Examples("F8.sizes", "frames of 1 KiB to 1 MiB, around each power of two", sizes()),
                new Check.Examples("F8.largest", "frames of " + max + " bytes", List.of(largest(max))),
                new Check.Examples("O7.taken", "126 levels in an ignored field", taken()),
                new Check.Examples("O7.survived", "100 000 levels", survived()),
                new Check.Examples(
                        "O10s.long-op", "an op of 1 MiB is not quoted whole", List.of(longOp(1 << 20), wideOp(5000))),
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

    /** Of text, of white space and of escapes, one after another. */
    private static Script largest(int length) {
        return Script.of(
                Line.filled("{\"op\":\"ping\",\"pad\":\"", "a", length, "\"}", Expect.pong()),
                Line.filled("", " ", length, RankGroup.PING, Expect.pong()),
                Line.filled("{\"op\":\"ping\",\"pad\":\"", "\\u0061", length, "\"}", Expect.pong()));
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
