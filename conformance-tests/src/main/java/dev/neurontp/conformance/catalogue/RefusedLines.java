package dev.neurontp.conformance.catalogue;

import static dev.neurontp.conformance.catalogue.RefusalChecks.bad;

import dev.neurontp.conformance.check.Script;
import java.util.List;

/** O6: lines that are no request, by what is wrong with them. */
final class RefusedLines {

    private RefusedLines() {}

    static List<Script> notJson() {
        return bad(
                "x",
                "ping",
                "hello world",
                "{",
                "}",
                "{\"op\":\"ping\"",
                "\"op\":\"ping\"}",
                "{\"op\":}",
                "{\"op\" \"ping\"}",
                "{op:\"ping\"}",
                "{'op':'ping'}",
                "{\"op\":ping}",
                "{:}",
                "{,}",
                "[",
                "]",
                "{\"op\":\"ping\"]",
                "{\"op\":\"ping\",\"x\":01}",
                "{\"op\":\"ping\",\"x\":1.}",
                "{\"op\":\"ping\",\"x\":.5}",
                "{\"op\":\"ping\",\"x\":+1}",
                "{\"op\":\"ping\",\"x\":1e}",
                "{\"op\":\"ping\",\"x\":0x1}",
                "{\"op\":\"ping\",\"x\":-}",
                "{\"op\":\"ping\",\"x\":tru}",
                "{\"op\":\"ping\",\"x\":True}",
                "{\"op\":\"ping\",\"x\":nil}",
                "{\"op\":\"ping\",\"x\"}",
                "{\"op\":\"ping\",\"x\":}",
                "{\"op\":\"ping\" \"x\":1}",
                "{\"op\":\"ping\",\"x\":[1 2]}",
                "GET / HTTP/1.1",
                "<op>ping</op>",
                "\u0000x");
    }

    static List<Script> notAnObject() {
        return bad(
                "1",
                "-1.5",
                "\"ping\"",
                "\"{}\"",
                "null",
                "true",
                "false",
                "0",
                // Arrays that are not the positional form, which begins with an op and is left alone.
                "[]",
                "[7]",
                "[null]",
                "[{\"op\":\"ping\"}]",
                "[[\"ping\"]]",
                "[{\"op\":\"ping\"},{\"op\":\"ping\"}]");
    }

    static List<Script> after() {
        return bad(
                "{\"op\":\"ping\"}x",
                "{\"op\":\"ping\"}{\"op\":\"ping\"}",
                "{\"op\":\"ping\"} {\"op\":\"ping\"}",
                "{\"op\":\"ping\"},",
                "{\"op\":\"ping\"}}",
                "{\"op\":\"ping\"}]",
                "{\"op\":\"ping\"} 1",
                "{\"op\":\"ping\"}\u0000",
                "{\"op\":\"ping\"};");
    }

    static List<Script> lenient() {
        return bad(
                "{\"op\":\"ping\",}",
                "{,\"op\":\"ping\"}",
                "{\"op\":\"ping\",\"x\":[1,]}",
                "{\"op\":\"ping\",\"x\":[,1]}",
                "{\"op\":\"ping\"}//",
                "{\"op\":\"ping\"/*c*/}",
                "/*c*/{\"op\":\"ping\"}",
                "#{\"op\":\"ping\"}",
                "{\"op\":\"ping\"}#c",
                "{\"op\":\"ping\",\"x\":NaN}",
                "{\"op\":\"ping\",\"x\":Infinity}",
                "{\"op\":\"ping\",\"x\":-Infinity}",
                "{\"op\":\"ping\",\"x\":undefined}",
                "{\"op\":\"ping\",\"x\":1_000}",
                "{\"op\":\"ping\",\"x\":'y'}",
                "{\"op\":\"ping\",x:1}",
                "\u000b{\"op\":\"ping\"}",
                "\u000c{\"op\":\"ping\"}",
                "\u00a0{\"op\":\"ping\"}",
                "{\"op\":\"ping\"}\u2028",
                "{\u00a0\"op\":\"ping\"}");
    }

    static List<Script> strings() {
        return bad(
                "{\"op\":\"ping\",\"x\":\"\u0001\"}",
                "{\"op\":\"ping\",\"x\":\"a\tb\"}",
                "{\"op\":\"ping\",\"x\":\"\u001f\"}",
                "{\"op\":\"ping\",\"x\":\"\u0000\"}",
                "{\"op\":\"ping\",\"x\":\"a\rb\"}",
                "{\"op\":\"ping\",\"\t\":1}",
                "{\"op\":\"ping\",\"x\":\"\\x41\"}",
                "{\"op\":\"ping\",\"x\":\"\\u12\"}",
                "{\"op\":\"ping\",\"x\":\"\\u12g4\"}",
                "{\"op\":\"ping\",\"x\":\"\\U0041\"}",
                "{\"op\":\"ping\",\"x\":\"\\'\"}",
                "{\"op\":\"ping\",\"x\":\"\\\"}",
                "{\"op\":\"ping\",\"x\":\"open}",
                "{\"op\":\"\\ud800\"}",
                "{\"op\":\"ping\",\"x\":\"\\ud800\"}",
                "{\"op\":\"ping\",\"x\":[\"\\udc00\\ud800\"]}",
                "{\"op\":\"ping\",\"\\udfff\":1}",
                "{\"op\":\"ping\\udc00\"}",
                "{\"op\":\"\\udc00\\ud800\"}",
                "{\"op\":\"init\",\"comm_id\":\"\\ud800\"}",
                "{\"op\":\"init\",\"comm_id\":\"\\ud83dx\\ude00\"}",
                "{\"op\":\"init\",\"comm_id\":\"\\ude00\\ud83d\"}");
    }

    static List<Script> op() {
        return bad(
                "{}",
                "{\"x\":1}",
                "{\"Op\":\"ping\"}",
                "{\"x\":{\"op\":\"ping\"}}",
                "{\"op\":null}",
                "{\"op\":1}",
                "{\"op\":true}",
                "{\"op\":[\"ping\"]}",
                "{\"op\":{\"op\":\"ping\"}}",
                "{\"op\":{}}",
                "{\"op\":0}",
                "{\"ping\":null}",
                "{\"ping\":{}}");
    }

    /** A worker may read each op in its own way, and this one ends it. */
    static List<Script> shutdown() {
        return bad(
                "{\"op\":\"shutdown\",}",
                "{\"op\":\"shutdown\"",
                "{\"op\":\"shutdown\"}}",
                "{\"op\":\"shutdown\"} x",
                "{\"op\":\"shutdown\"}{\"op\":\"ping\"}",
                "{\"op\":\"shutdown\"/**/}",
                "{op:\"shutdown\"}",
                "{'op':'shutdown'}",
                "{\"op\":\"init\",\"comm_id\":\"beef\",}",
                "{\"op\":\"nccl_sanity_check\",}");
    }

    static List<Script> commId() {
        return bad(
                "{\"op\":\"init\",\"x\":{\"comm_id\":\"beef\"}}",
                "{\"op\":\"init\",\"x\":[{\"comm_id\":\"beef\"}]}",
                "{\"op\":\"init\"}",
                "{\"op\":\"init\",\"comm_id\":null}",
                "{\"op\":\"init\",\"comm_id\":7}",
                "{\"op\":\"init\",\"comm_id\":1.5}",
                "{\"op\":\"init\",\"comm_id\":true}",
                "{\"op\":\"init\",\"comm_id\":[\"beef\"]}",
                "{\"op\":\"init\",\"comm_id\":{\"hex\":\"beef\"}}",
                "{\"op\":\"init\",\"x\":\"beef\"}",
                "{\"op\":\"init\",\"COMM_ID\":\"beef\"}");
    }
}
