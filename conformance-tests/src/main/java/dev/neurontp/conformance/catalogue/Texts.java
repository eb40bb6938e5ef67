package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.TrimmedLine;
import dev.neurontp.conformance.contract.Contract;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Texts drawn at random: strings, JSON values, requests. Everything drawn is within what a judge may hold a worker to. */
final class Texts {

    private static final Set<String> KNOWN_FIELDS = Set.of("op", "comm_id");

    private final Contract contract;

    Texts(Contract contract) {
        this.contract = contract;
    }

    Contract contract() {
        return contract;
    }

    /** Strings of whole characters from all of Unicode, those that programs trip over more often. */
    static Arbitrary<String> strings() {
        Arbitrary<Integer> codePoint = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.integers().between(0x20, 0x7e)),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                0, 1, 9, 10, 13, 0x1f, 0x22, 0x5c, 0x2f, 0x7f, 0x80, 0x85, 0xa0, 0x2028, 0x2029, 0xfeff,
                                0xfffd, 0xfffe, 0xffff)),
                Tuple.of(1, Arbitraries.integers().between(0xa1, 0xd7ff)),
                Tuple.of(1, Arbitraries.integers().between(0xe000, 0xfffd)),
                Tuple.of(1, Arbitraries.integers().between(0x10000, 0x10ffff)));
        return codePoint.list().ofMaxSize(12).map(Texts::text);
    }

    /** Lines of any text, but none that some workers skip and others answer. */
    static Arbitrary<String> lines() {
        return strings().map(text -> text.replace("\n", "")).filter(text -> !TrimmedLine.isLeftOpen(text));
    }

    private static String text(List<Integer> codePoints) {
        StringBuilder out = new StringBuilder();
        codePoints.forEach(out::appendCodePoint);
        return out.toString();
    }

    static Arbitrary<Spelling> spellings() {
        return Arbitraries.of(Spelling.values());
    }

    /** White space as the contract knows it. */
    static Arbitrary<String> whiteSpace() {
        return Arbitraries.of("", " ", "\t", "\r").list().ofMaxSize(4).map(parts -> String.join("", parts));
    }

    /** Numbers of JSON: none beyond a double, none of over 300 digits. */
    static Arbitrary<String> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.of(
                        "0",
                        "-0",
                        "0.0",
                        "-1.5",
                        "1e5",
                        "1E+5",
                        "2e-7",
                        "1e300",
                        "-1e-300",
                        "4294967296",
                        "18446744073709551616",
                        "123456789012345678901234567890",
                        "0.1234567890123456789"));
    }

    /** JSON values as text, a few levels deep. */
    static Arbitrary<String> values() {
        return values(3);
    }

    private static Arbitrary<String> values(int depth) {
        Arbitrary<String> scalar = Arbitraries.oneOf(
                Arbitraries.of("null", "true", "false", "\"\"", "[]", "{}"),
                numbers(),
                Combinators.combine(strings(), spellings()).as((text, spelling) -> spelling.quote(text)));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<String> inner = values(depth - 1);
        Arbitrary<String> array = inner.list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + "]");
        Arbitrary<String> object = Combinators.combine(strings(), inner)
                .as((name, value) -> Spelling.PLAIN.quote(name) + ":" + value)
                .list()
                .ofMaxSize(3)
                .map(members -> "{" + String.join(",", members) + "}");
        return Arbitraries.frequencyOf(Tuple.of(4, scalar), Tuple.of(1, array), Tuple.of(1, object));
    }

    /** Names that are no field of any request; close ones among them. */
    static Arbitrary<String> unknownNames() {
        return Arbitraries.oneOf(
                        strings(),
                        Arbitraries.of("Op", "OP", "op ", "comm-id", "commId", "rank", "kind", "", "id", "\u043ep"))
                .filter(name -> !KNOWN_FIELDS.contains(name));
    }

    /** Unknown members as text, such as {@code "x":1}. */
    static Arbitrary<String> unknownMembers() {
        return Combinators.combine(unknownNames(), spellings(), values())
                .as((name, spelling, value) -> spelling.quote(name) + ":" + value);
    }

    /** Ops that no worker of this contract knows and that a judge may send. */
    Arbitrary<String> unknownOps() {
        return Arbitraries.oneOf(
                        strings(),
                        Arbitraries.of(
                                "Ping",
                                "PING",
                                "ping ",
                                " ping",
                                "ping\u0000",
                                "pin",
                                "pings",
                                "pong",
                                "init_ok",
                                "bye",
                                "error",
                                "Init",
                                "initialize",
                                "nccl_sanity",
                                "nccl-sanity-check",
                                "ncclSanityCheck",
                                "exit",
                                "quit",
                                "stop",
                                "",
                                "null",
                                "p\u0456ng"))
                .filter(contract::isUnknownOp);
    }

    /** A request's text from its members, in any order, with white space anywhere. */
    static Arbitrary<String> object(Arbitrary<List<String>> members) {
        return Combinators.combine(members, whiteSpace(), whiteSpace(), whiteSpace())
                .as((list, a, b, c) -> a + "{" + b + String.join(c + "," + b, list) + a + "}" + c);
    }
}
