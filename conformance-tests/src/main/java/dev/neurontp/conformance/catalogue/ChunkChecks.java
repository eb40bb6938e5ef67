package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.Script;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** F4: one reply a line, in order, however the bytes are cut. */
final class ChunkChecks {

    private static final Line PING = Line.of("{\"op\":\"ping\"}", Expect.pong());
    private static final Line SANITY = Line.of("{\"op\":\"nccl_sanity_check\"}", Expect.sanity());
    private static final Line UNKNOWN = Line.of("{\"op\":\"no such op\"}", Expect.anyError());

    /** Of an id that is none, in any stage. */
    private static final Line INIT = Line.of("{\"op\":\"init\",\"comm_id\":\"beef\"}", Expect.anyError());

    /** Where a write ends with CR, the next one goes on with the same line. */
    private static final Script CR_INSIDE = Script.line("{\"op\":\r\"ping\"\r}\r", Expect.pong());

    /** Each write but the last ends between CR and LF. */
    private static final Script CR_APART = Script.of(
                    Line.of(" {\"op\":\"ping\"}\r", Expect.pong()),
                    Line.of("{\"op\":\"ping\"}\r", Expect.pong()),
                    Line.of(" ".repeat(13) + "\r", Expect.silence()),
                    PING)
            .withSlowWriter(15);

    private ChunkChecks() {}

    static List<Check> all(Texts texts) {
        return List.of(
                new Check.Examples(
                        "F4.in-turn",
                        "requests one after another",
                        List.of(Script.of(PING, SANITY, PING, UNKNOWN, PING))),
                new Check.Examples(
                        "F4.one-write",
                        "many requests in one write",
                        List.of(mixed(2).inPieces(Script.ONE_WRITE), mixed(100).inPieces(Script.ONE_WRITE))),
                new Check.Examples(
                        "F4.behind-an-init",
                        "requests behind an init that is refused, in one write",
                        List.of(new Script(List.of(PING, INIT, PING, SANITY, INIT, UNKNOWN), Script.ONE_WRITE))),
                new Check.Examples(
                        "F4.one-byte",
                        "one byte a write",
                        List.of(mixed(1).inPieces(1), mixed(12).inPieces(1), CR_INSIDE.inPieces(1))),
                new Check.Examples(
                        "F4.slow-writer",
                        "pauses inside a line, and between CR and LF",
                        List.of(mixed(1).withSlowWriter(9), CR_APART)),
                new Check.Examples(
                        "F4.thousands",
                        "thousands of requests",
                        List.of(mixed(1500).inPieces(5000))),
                new Check.Examples(
                        "F4.behind-a-long-one",
                        "a request behind one of 3 and of 9 MB, in one write",
                        List.of(behindALongOne(3 << 20), behindALongOne(9 << 20))),
                new Check.Examples(
                        "F4.slow-reader",
                        "replies that nobody reads for a while",
                        List.of(mixed(1200).withSlowReader())),
                new Check.Property("F4.chunks", "any requests in any chunks", ChunkChecks::chunks),
                new Check.Property("F4.model", "any lines, good and bad, as the model says", () -> model(texts)));
    }

    /** Three times so many requests, no two neighbours alike. */
    private static Script mixed(int count) {
        List<Line> lines = Collections.nCopies(count, List.of(PING, SANITY, UNKNOWN)).stream()
                .flatMap(List::stream)
                .toList();
        return new Script(lines, 0);
    }

    private static Script behindALongOne(int length) {
        Line longOne = Line.filled("{\"op\":\"ping\",\"pad\":\"", "a", length, "\"}", Expect.pong());
        return new Script(List.of(longOne, PING, UNKNOWN), Script.ONE_WRITE);
    }

    private static Arbitrary<Script> chunks() {
        Arbitrary<List<Line>> lines =
                Arbitraries.of(PING, SANITY, UNKNOWN).list().ofMinSize(1).ofMaxSize(20);
        return Combinators.combine(lines, pieces()).as((all, piece) -> new Script(all, piece));
    }

    private static Arbitrary<Integer> pieces() {
        return Arbitraries.oneOf(Arbitraries.integers().between(1, 60), Arbitraries.of(1, 2, 14, Script.ONE_WRITE));
    }

    private static Arbitrary<Script> model(Texts texts) {
        Oracle oracle = new Oracle(texts.contract());
        Arbitrary<String> any = Arbitraries.oneOf(
                Arbitraries.of(
                        "{\"op\":\"ping\"}",
                        "{\"op\":\"nccl_sanity_check\"}",
                        "",
                        "nonsense",
                        "{}",
                        "[]",
                        "{\"op\":7}",
                        "{\"op\":\"init\"}",
                        "{\"op\":\"ping\",\"op\":\"ping\"}",
                        "{\"op\":\"Ping\"}"),
                Texts.object(Arbitraries.just(List.of("\"op\":\"ping\""))),
                Texts.unknownMembers()
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(2)
                        .map(more -> "{" + String.join(",", with("\"op\":\"ping\"", more)) + "}"),
                Texts.values(),
                Texts.lines());
        return Combinators.combine(any.map(oracle::judge).list().ofMinSize(1).ofMaxSize(12), pieces())
                .as((lines, piece) -> new Script(lines, piece));
    }

    private static List<String> with(String first, List<String> more) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(first), more.stream())
                .toList();
    }
}
