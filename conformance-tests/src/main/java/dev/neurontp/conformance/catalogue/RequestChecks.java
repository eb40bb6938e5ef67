package dev.neurontp.conformance.catalogue;

import static dev.neurontp.conformance.check.Script.line;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** O1, O3: requests that must be taken, however they are written. */
final class RequestChecks {

    /** More than some parsers let an array have. */
    private static final int MANY_ITEMS = 1_100_000;
    /** The same of an object. Of few names: what looks for each among all that it keeps would need minutes otherwise. */
    private static final int MANY_MEMBERS = 120_000;

    private RequestChecks() {}

    static List<Check> all(Texts texts) {
        return List.of(
                new Check.Examples("O1.order", "op anywhere in the object", order()),
                new Check.Examples("O1.escapes", "escaped names and tags", escapes()),
                new Check.Examples("O1.exact", "near misses of names and tags", nearMisses()),
                new Check.Examples("O1.tags", "replies bear the contract's tags", tags()),
                new Check.Property("O1.any-spelling", "any spelling and place of op", RequestChecks::anySpelling),
                new Check.Examples("O3.examples", "unknown fields of every kind", unknown()),
                new Check.Property("O3.any", "any unknown fields, twice too", RequestChecks::anyUnknown));
    }

    private static List<Script> order() {
        return List.of(
                line("{\"x\":1,\"op\":\"ping\"}", Expect.pong()),
                line("{\"x\":{\"op\":\"shutdown\"},\"y\":[\"op\"],\"op\":\"ping\",\"z\":null}", Expect.pong()),
                line("{\"x\":\"{\\\"op\\\":\\\"init\\\"}\",\"op\":\"nccl_sanity_check\"}", Expect.sanity()),
                asPlainInit("{\"comm_id\":\"beef\",\"op\":\"init\"}"));
    }

    private static List<Script> escapes() {
        return List.of(
                line("{\"\\u006fp\":\"ping\"}", Expect.pong()),
                line("{\"op\":\"\\u0070\\u0069\\u006e\\u0067\"}", Expect.pong()),
                line("{\"\\u006F\\u0070\":\"p\\u0069ng\"}", Expect.pong()),
                line("{\"op\":\"nccl\\u005fsanity_check\"}", Expect.sanity()),
                asPlainInit("{\"o\\u0070\":\"init\",\"comm\\u005fid\":\"beef\"}"));
    }

    /** An init in another spelling, whose answer in any stage is that of the plain one. */
    private static Script asPlainInit(String init) {
        return Script.of(
                Line.of("{\"op\":\"init\",\"comm_id\":\"beef\"}", Expect.anyMarker()),
                Line.of(init, Expect.asBefore()));
    }

    private static List<Script> nearMisses() {
        List<Script> scripts = new ArrayList<>();
        for (String op : List.of(
                "Ping",
                "PING",
                "pinG",
                "Init",
                "INIT",
                "NcclSanityCheck",
                "ncclSanityCheck",
                "nccl-sanity-check",
                "NCCL_SANITY_CHECK",
                "Shutdown",
                "SHUTDOWN",
                "ping ",
                " ping",
                "ping\\u0000",
                "ping\\u0000x",
                "ping\\n",
                "ping\\r",
                "\\tping",
                "\\u0000ping",
                // What a worker takes that normalises text (NFKC), or drops what cannot be seen.
                "\uff50\uff49\uff4e\uff47",
                "\\uff50ing",
                "\u017fhutdown",
                "\u2071nit",
                "pi\u200bng",
                // What begins like one, where only so many characters are compared or kept.
                "pings",
                "ping_all",
                "inits",
                "init_group",
                "nccl_sanity_checks",
                "nccl_sanity_check_",
                "nccl_sanity_chec",
                "shutdown_now",
                "shutdowns",
                "shutdow",
                // What every object of JavaScript has, where a table of ops is one.
                "toString",
                "constructor",
                "hasOwnProperty",
                "valueOf",
                "isPrototypeOf",
                "__proto__")) {
            scripts.add(line("{\"op\":\"" + op + "\",\"comm_id\":\"x\"}", Expect.anyError()));
        }
        for (String name : List.of(
                "Op",
                "OP",
                "oP",
                "op ",
                " op",
                "op\\u0000",
                "op\\u0000x",
                "op\\n",
                "o",
                "opp",
                "type",
                "tag",
                "\\u041ep",
                "\uff4f\uff50")) {
            scripts.add(line("{\"" + name + "\":\"ping\"}", Expect.anyError()));
        }
        // An op that is inherited from another object is none of this one.
        scripts.add(line("{\"__proto__\":{\"op\":\"ping\"}}", Expect.anyError()));
        scripts.add(line("{\"x\":1,\"prototype\":{\"op\":\"ping\"}}", Expect.anyError()));
        for (String name : List.of(
                "Comm_id",
                "comm_ID",
                "commId",
                "comm-id",
                "COMM_ID",
                "commid",
                "comm_id\\u0000",
                "comm_id ",
                "comm_i")) {
            scripts.add(Script.of(
                    Line.of("{\"op\":\"init\",\"x\":\"beef\"}", Expect.anyReply()),
                    Line.of("{\"op\":\"init\",\"" + name + "\":\"beef\"}", Expect.asBefore())));
        }
        return scripts;
    }

    private static List<Script> tags() {
        return List.of(
                line(
                        "{\"op\":\"ping\"}",
                        Expect.reply(
                                "a reply with \"op\":\"pong\"",
                                reply -> reply.op().filter("pong"::equals).isPresent())),
                line(
                        "{\"op\":\"no such op\"}",
                        Expect.reply("a reply with \"op\":\"error\"", reply -> reply.isError())));
    }

    private static Arbitrary<Script> anySpelling() {
        return Combinators.combine(
                        Texts.spellings(),
                        Texts.spellings(),
                        Texts.unknownMembers().list().ofMaxSize(2),
                        Texts.unknownMembers().list().ofMaxSize(2),
                        Arbitraries.of("ping", "nccl_sanity_check"))
                .as((name, tag, before, after, op) -> {
                    List<String> members = new ArrayList<>(before);
                    members.add(name.quote("op") + ":" + tag.quote(op));
                    members.addAll(after);
                    return line(
                            "{" + String.join(",", members) + "}", op.equals("ping") ? Expect.pong() : Expect.sanity());
                });
    }

    private static List<Script> unknown() {
        List<Script> scripts = new ArrayList<>();
        for (String name : List.of("version", "v", "contract_version", "protocol", "jsonrpc", "method", "params")) {
            scripts.add(line("{\"op\":\"ping\",\"" + name + "\":\"2.0\"}", Expect.pong()));
            scripts.add(line("{\"" + name + "\":2,\"op\":\"nccl_sanity_check\"}", Expect.sanity()));
        }
        scripts.add(asPlainInit("{\"op\":\"init\",\"comm_id\":\"beef\",\"COMM_ID\":5,\"Comm_Id\":null}"));
        scripts.add(many("{\"op\":\"ping\",\"x\":[0", ",0", MANY_ITEMS, "]}"));
        scripts.add(many("{\"op\":\"ping\"", ",\"x\":0,\"y\":1", MANY_MEMBERS / 2, "}"));
        scripts.add(many("{\"x\":{\"a\":0", ",\"x\":0,\"y\":1", MANY_MEMBERS / 2, "},\"op\":\"ping\"}"));
        scripts.add(asPlainInit("{\"op\":\"init\",\"comm_id\":\"beef\",\"x\":{\"comm_id\":\"a\"}}"));
        scripts.add(asPlainInit("{\"x\":[{\"comm_id\":7,\"op\":\"ping\"}],\"op\":\"init\",\"comm_id\":\"beef\"}"));
        scripts.add(asPlainInit("{\"op\":\"init\",\"x\":\"\\\"comm_id\\\":\\\"a\\\"\",\"comm_id\":\"beef\"}"));
        for (String value : List.of(
                "1",
                "-0",
                "1e10",
                "1.5",
                "\"text\"",
                "null",
                "true",
                "[]",
                "{}",
                "[1,[2,[3]],{}]",
                "{\"op\":\"shutdown\",\"op\":\"init\"}",
                "\"\\ud83d\\ude00\"",
                "\"\u2028\u2029\"",
                "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
                "\"/\u007f\u0080\ufeff\uffff\"",
                "\"\\u0000\\uFFFF\\uabCD\"",
                "1E5",
                "1E+5",
                "0e0",
                "-0.0e-0",
                "1e05",
                "1E-007",
                "0e00",
                "1.0E-2",
                "123456789012345678901234567890",
                "9".repeat(64),
                "-1" + "0".repeat(255),
                "1" + "0".repeat(299),
                "0." + "3".repeat(298))) {
            scripts.add(line("{\"op\":\"ping\",\"x\":" + value + "}", Expect.pong()));
        }
        scripts.addAll(telling());
        scripts.addAll(ofReplies());
        scripts.add(line("{\"op\":\"ping\",\"x\":[" + "0,".repeat(5000) + "0]}", Expect.pong()));
        scripts.add(line("{\"op\":\"ping\",\"x\":{" + manyMembers() + "\"y\":0}}", Expect.pong()));
        scripts.add(line("{\"op\":\"ping\",\"x\":1,\"x\":\"two\"}", Expect.pong()));
        scripts.add(line("{\"op\":\"ping\",\"comm_id\":7}", Expect.pong()));
        scripts.add(line("{\"op\":\"ping\",\"comm_id\":\"a\",\"comm_id\":null}", Expect.pong()));
        scripts.add(line("{\"op\":\"ping\",\"" + "n".repeat(100_000) + "\":1}", Expect.pong()));
        scripts.add(line("{\"op\":\"ping\",\"x\":\"" + "\\u00e9".repeat(20_000) + "\"}", Expect.pong()));
        scripts.add(line("{" + "\"x\":1,".repeat(2000) + "\"op\":\"ping\"}", Expect.pong()));
        scripts.add(line("{" + manyMembers() + "\"op\":\"ping\"}", Expect.pong()));
        scripts.add(line("{\"op\":\"ping\",\"rank\":\"x\",\"kind\":[],\"\":0}", Expect.pong()));
        scripts.add(line("{\"op\":\"nccl_sanity_check\",\"x\":{\"y\":[null]},\"x\":0}", Expect.sanity()));
        scripts.add(line("{\"comm_id\":1,\"op\":\"nccl_sanity_check\",\"comm_id\":\"a\"}", Expect.sanity()));
        return scripts;
    }

    private static Script many(String head, String with, int times, String tail) {
        int length = head.length() + times * with.length() + tail.length();
        return Script.of(Line.filled(head, with, length, tail, Expect.pong()));
    }

    /**
     * Names that mean something to a language or a library: an object's own in JavaScript, a parameter in Python, a reference or a type
     * in others; and those of other protocols, which come back in no reply (O9).
     */
    private static List<Script> telling() {
        List<Script> scripts = new ArrayList<>();
        for (String name : List.of(
                "__proto__",
                "constructor",
                "prototype",
                "hasOwnProperty",
                "toString",
                "valueOf",
                "toJSON",
                "length",
                "self",
                "cls",
                "args",
                "kwargs",
                "__class__",
                "__init__",
                "py/object",
                "$ref",
                "$id",
                "$type",
                "@type",
                "@class",
                "class",
                "type",
                "<<")) {
            scripts.add(line("{\"op\":\"ping\",\"" + name + "\":1}", Expect.pong()));
            scripts.add(line("{\"" + name + "\":{\"op\":\"shutdown\"},\"op\":\"ping\"}", Expect.pong()));
        }
        String ids =
                "\"id\":7,\"jsonrpc\":\"2.0\",\"request_id\":8,\"requestId\":\"r\",\"req_id\":9,\"seq\":1,\"msg_id\":2,"
                        + "\"message_id\":\"m\",\"trace_id\":\"t\",\"correlation_id\":\"c\",\"nonce\":3,\"token\":\"k\",\"tag\":\"g\","
                        + "\"timestamp\":4,\"ts\":5";
        scripts.add(line("{\"op\":\"ping\"," + ids + "}", Expect.pong()));
        scripts.add(line("{\"op\":\"no such op\"," + ids + "}", Expect.anyError()));
        return scripts;
    }

    /** Names of what a reply has, or of what a worker was started with: no request changes them. */
    private static List<Script> ofReplies() {
        List<Script> scripts = new ArrayList<>();
        for (String name : List.of(
                "rank", "world_size", "cuda_device", "tp_size", "device", "size", "observed_sum", "kind", "message")) {
            scripts.add(line("{\"op\":\"ping\",\"" + name + "\":77}", Expect.pong()));
            scripts.add(line("{\"" + name + "\":78,\"op\":\"nccl_sanity_check\"}", Expect.sanity()));
        }
        scripts.add(
                line("{\"rank\":9,\"op\":\"ping\",\"world_size\":8,\"cuda_device\":7,\"tp_size\":6}", Expect.pong()));
        return scripts;
    }

    private static String manyMembers() {
        return IntStream.range(0, 2000).mapToObj(i -> "\"x" + i + "\":[],").collect(Collectors.joining());
    }

    private static Arbitrary<Script> anyUnknown() {
        return Combinators.combine(Texts.unknownMembers().list().ofMinSize(1).ofMaxSize(4), Arbitraries.of(true, false))
                .as((members, twice) -> {
                    List<String> all = new ArrayList<>(members);
                    if (twice) {
                        all.add(members.getFirst());
                    }
                    all.add(all.size() / 2, "\"op\":\"ping\"");
                    return line("{" + String.join(",", all) + "}", Expect.pong());
                });
    }
}
