package dev.neurontp.conformance.catalogue;

import static dev.neurontp.conformance.check.Script.line;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.Script;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** O4, O5, O6, O8: requests that must be refused, and the service that goes on. */
final class RefusalChecks {

    private static final String PING = "{\"op\":\"ping\"}";

    private RefusalChecks() {}

    static List<Check> all(Texts texts) {
        return List.of(
                new Check.Examples(
                        "O4.op",
                        "op twice",
                        bad(
                                "{\"op\":\"ping\",\"op\":\"ping\"}",
                                "{\"op\":\"ping\",\"op\":\"nccl_sanity_check\"}",
                                "{\"op\":\"ping\",\"x\":1,\"op\":7}",
                                "{\"op\":null,\"op\":\"ping\"}",
                                "{\"op\":\"shutdown\",\"op\":\"ping\"}",
                                "{\"op\":\"ping\",\"op\":\"shutdown\"}",
                                "{\"op\":\"ping\",\"op\":\"ping\",\"op\":\"ping\"}",
                                "{\"op\":\"ping\",\"op\":null}",
                                "{\"op\":\"ping\",\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"op\":\"ping\"}",
                                "{\"op\":\"ping\",\"op\":{}}",
                                "{\"op\":\"ping\",\"\\u006fp\":\"ping\"}")),
                new Check.Examples(
                        "O4.comm-id",
                        "comm_id twice",
                        bad(
                                "{\"op\":\"init\",\"comm_id\":\"a\",\"comm_id\":\"a\"}",
                                "{\"comm_id\":\"a\",\"op\":\"init\",\"comm_id\":\"b\"}",
                                "{\"op\":\"init\",\"comm_id\":\"a\",\"comm\\u005fid\":7}")),
                new Check.Examples("O5.examples", "ops that there are not", unknownOps()),
                new Check.Property("O5.any", "any op that there is not", () -> anyUnknownOp(texts)),
                new Check.Examples("O6.not-json", "lines that are no JSON", RefusedLines.notJson()),
                new Check.Examples("O6.not-an-object", "JSON that is no object", RefusedLines.notAnObject()),
                new Check.Examples("O6.after", "something after the object", RefusedLines.after()),
                new Check.Examples("O6.lenient", "what lenient readers take", RefusedLines.lenient()),
                new Check.Examples("O6.strings", "strings that are none", RefusedLines.strings()),
                new Check.Examples("O6.escapes", "escapes that JSON has not", LenientReaders.escapes()),
                new Check.Examples("O6.halves", "half a character and no other half", LenientReaders.halves()),
                new Check.Examples("O6.controls", "each raw control character", LenientReaders.controls()),
                new Check.Examples("O6.blanks", "white space that JSON has not", LenientReaders.blanks()),
                new Check.Examples("O6.scalars", "words and numbers that are none", LenientReaders.scalars()),
                new Check.Examples(
                        "O6.marks", "marks left out, doubled or of another language", LenientReaders.marks()),
                new Check.Examples("O6.behind", "something behind the object", LenientReaders.after()),
                new Check.Examples("O6.shutdown", "shutdowns that are no JSON", RefusedLines.shutdown()),
                new Check.Examples("O6.op", "no op, or one that is no string", RefusedLines.op()),
                new Check.Examples("O6.comm-id", "init without a string as comm_id", RefusedLines.commId()),
                new Check.Property("O6.damaged", "a request with one character changed", () -> damaged(texts)),
                new Check.Examples("O8.after-each", "a ping after each kind of error", afterEach()),
                new Check.Examples("O8.many", "a ping after hundreds of errors", many()));
    }

    static List<Script> bad(String... lines) {
        return Stream.of(lines)
                .map(text -> line(text, Expect.error("bad_request")))
                .toList();
    }

    private static List<Script> unknownOps() {
        return Stream.of(
                        "Ping",
                        "PING",
                        "pong",
                        "",
                        "ping ",
                        " ping",
                        "shutdown ",
                        " shutdown",
                        "Shutdown",
                        "init ",
                        " nccl_sanity_check",
                        "pin",
                        "pingping",
                        "init_ok",
                        "bye",
                        "error",
                        "NcclSanityCheck",
                        "nccl_sanity",
                        "nccl_sanity_checks",
                        "nccl_sanity_check_2",
                        "inits",
                        "shutdowns",
                        "shutdown_now",
                        "exit",
                        "quit",
                        "help",
                        "nccl_init",
                        "nccl_",
                        "ping\\n",
                        "ping\\t",
                        "\\u0000ping",
                        "o".repeat(65),
                        "o".repeat(300),
                        "o".repeat(5000),
                        "o".repeat(100_000),
                        "\\u0000",
                        "\\ud83d\\ude00",
                        "null")
                .map(op -> line("{\"op\":\"" + op + "\"}", Expect.error("bad_request", "unknown_op")))
                .toList();
    }

    private static Arbitrary<Script> anyUnknownOp(Texts texts) {
        return Combinators.combine(texts.unknownOps(), Texts.spellings())
                .as((op, spelling) -> line(
                        "{\"op\":" + spelling.quote(op) + ",\"comm_id\":\"\"}",
                        Expect.error("bad_request", "unknown_op")));
    }

    /** Changes, drops or adds one character of a good request; the model says what must come back. */
    private static Arbitrary<Script> damaged(Texts texts) {
        Oracle oracle = new Oracle(texts.contract());
        Arbitrary<String> whole = Arbitraries.of(
                PING,
                "{\"op\":\"ping\",\"x\":[1,true,{\"y\":\"z\"}]}",
                "{\"x\":-1.5e3,\"op\":\"nccl_sanity_check\"}",
                "{\"op\":\"ping\",\"a\":\"\\u00e9\\n\",\"b\":null}");
        Arbitrary<Character> garbage = Arbitraries.of(
                '{', '}', '[', ']', ',', ':', '"', '\'', '\\', '0', '1', '-', '+', '.', 'e', 'n', '/', '#', '\u0000',
                '\u000b', '\u00a0', 'x', ' ', '\t', '\r');
        return Combinators.combine(
                        whole,
                        Arbitraries.integers().between(0, 40),
                        garbage,
                        Arbitraries.integers().between(0, 2))
                .as((text, at, with, how) -> {
                    int place = at % (text.length() + 1);
                    String head = text.substring(0, place);
                    String tail = text.substring(Math.min(text.length(), place + 1));
                    String damaged = switch (how) {
                        case 0 -> head + with + tail;
                        case 1 -> head + tail;
                        default -> head + with + text.substring(place);
                    };
                    return Script.of(oracle.judge(damaged));
                });
    }

    private static List<Script> afterEach() {
        return Stream.of(
                        "no json",
                        "{}",
                        "7",
                        "{\"op\":7}",
                        "{\"op\":\"no such op\"}",
                        "{\"op\":\"init\"}",
                        "{\"op\":\"ping\",\"op\":\"ping\"}",
                        "\"",
                        "{\"op\":\"ping\"",
                        "{\"op\":\"\\ud800\"}")
                // What it gets is the matter of other rules; here it is what comes after.
                .map(text -> Script.of(Line.of(text, Expect.anyReply()), Line.of(PING, Expect.pong())))
                .toList();
    }

    private static List<Script> many() {
        List<Line> lines = Stream.concat(
                        Stream.generate(() -> Line.of("{\"op\":", Expect.anyReply()))
                                .limit(300),
                        Stream.of(Line.of(PING, Expect.pong())))
                .toList();
        return List.of(new Script(lines, 0), new Script(lines, Script.ONE_WRITE));
    }
}
