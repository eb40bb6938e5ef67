package dev.neurontp.conformance.catalogue;

import static dev.neurontp.conformance.check.Script.line;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.check.Script;
import dev.neurontp.conformance.process.StartFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** F1, F1s, F2, F3, F7: the form of frames. */
final class FrameChecks {

    private static final String PING = "{\"op\":\"ping\"}";

    /** More than a reader takes that calls itself for each; too many for a rank of a group, whose scripts are short. */
    private static final int MANY_BLANK = 5000;

    private static final String PADDED = "{\"op\":\"ping\",\"pad\":\"";
    private static final int MORE_THAN_64_K = 70_000;
    private static final int PINGS = 20;
    private static final Duration SECONDS = Duration.ofSeconds(5);
    private static final int SLOWER = 6;

    private FrameChecks() {}

    static List<Check> all(Texts texts) {
        return List.of(
                new Check.Examples("F1.replies", "every kind of reply is one line", everyKind()),
                new Check.Examples("F1.quoted", "what an error quotes breaks no line", quoted()),
                new Check.Examples("F1s.compact", "every kind of reply is compact", everyKind()),
                new Check.Examples("F2.around", "white space around the object", around()),
                new Check.Examples("F2.inside", "white space between the tokens", inside()),
                new Check.Examples("F2.crlf", "CR before LF", crlf()),
                new Check.Property("F2.anywhere", "any white space anywhere", FrameChecks::anywhere),
                new Check.Examples(
                        "F3.blank", "blank lines", blank(texts.contract().maxFrameBytes())),
                new Check.Own("F3.many", "thousands of blank lines", FrameChecks::manyBlank),
                new Check.Property("F3.between", "blank lines between requests", FrameChecks::between),
                new Check.Examples("F7.each-reply", "each reply comes before the next request", eachReply()),
                new Check.Own(
                        "F7.half-a-line", "a reply comes before the rest of the next line", FrameChecks::halfALine));
    }

    private static List<Script> everyKind() {
        return List.of(
                line(PING, Expect.anyReply()),
                line("{\"op\":\"nccl_sanity_check\"}", Expect.sanity()),
                line("{\"op\":\"init\",\"comm_id\":\"beef\"}", Expect.anyMarker()),
                line("{\"op\":\"no such op\"}", Expect.anyReply()),
                line("no json", Expect.anyReply()),
                line("{}", Expect.anyReply()));
    }

    private static List<Script> quoted() {
        List<Script> scripts = new ArrayList<>(longQuotes());
        scripts.addAll(List.of(
                line("{\"op\":\"a\\nb\\r\\nc\"}", Expect.anyReply()),
                line("{\"op\":\"\\u0000\\u0001\\u2028\\u2029\\u0085\"}", Expect.anyReply()),
                line("{\"op\":\"\\ufeff\\\"\\\\\"}", Expect.anyReply()),
                line("{\"op\":\"\ud83d\ude00\u00e9\"}", Expect.anyReply()),
                line("{\"op\":\"ping\",\u0001\u007f}", Expect.anyReply())));
        return scripts;
    }

    /** Wherever a worker cuts what it quotes, one of them has it cut in the middle of a character. */
    private static List<Script> longQuotes() {
        List<Script> scripts = new ArrayList<>();
        for (String character : List.of("\u00e9", "\u20ac", "\ud83d\ude00")) {
            for (int shift = 0; shift < character.getBytes(StandardCharsets.UTF_8).length; shift++) {
                String text = "x".repeat(shift) + character.repeat(3000);
                scripts.add(line("{\"op\":\"" + text + "\"}", Expect.anyReply()));
                scripts.add(line(text, Expect.anyReply()));
            }
        }
        return scripts;
    }

    private static List<Script> around() {
        return List.of(
                line(" " + PING, Expect.pong()),
                line(PING + " ", Expect.pong()),
                asWithout(" ".repeat(2000), MORE_THAN_64_K),
                line("\t" + PING + "\t", Expect.pong()),
                line("\r" + PING, Expect.pong()),
                line(" \t\r " + PING + " \r\t \r", Expect.pong()));
    }

    private static List<Script> crlf() {
        return List.of(line(PING + "\r", Expect.pong()), asWithout("\r", MORE_THAN_64_K), asWithout("\r", 9 << 20));
    }

    /** That long lines are taken at all is the matter of F8. */
    private static Script asWithout(String end, int length) {
        return Script.of(
                Line.filled(PADDED, "a", length, "\"}", Expect.anyReply()),
                Line.filled(PADDED, "a", length, "\"}" + end, Expect.asBefore()));
    }

    private static List<Script> inside() {
        List<Script> scripts = new ArrayList<>();
        for (String value : List.of(
                "[ ]",
                "[\t]",
                "[\r]",
                "{ }",
                "{\t}",
                "{\r}",
                "true ",
                "false\t",
                "null\r",
                "1 ",
                "1.5\t",
                "-0\r",
                "1e5\t",
                "\"a\"\t",
                "[]\r",
                "{}\t",
                "[\t1\t,\r\"a\"\r,\ttrue\t]",
                "{\t\"a\"\t:\t1\t,\r\"b\"\r:\rnull\r}",
                "[ [ ] , { \"a\" : [ { } ] } ]")) {
            scripts.add(line("{\"op\":\"ping\",\"x\":" + value + "}", Expect.pong()));
            scripts.add(line("{\"x\":" + value + ",\"op\":\"ping\"}", Expect.pong()));
        }
        scripts.addAll(List.of(
                line("{ \"op\" : \"ping\" }", Expect.pong()),
                line("{\t\"op\"\t:\t\"ping\"\t}", Expect.pong()),
                line("{\r\"op\"\r:\r\"ping\"\r}", Expect.pong()),
                line("{\"op\":\"ping\" , \"x\" : [ 1 , { } ] }", Expect.pong())));
        return scripts;
    }

    /** As many as a worker takes in a few seconds that needs as long for one as for a ping: no rule says how long a line may take. */
    private static void manyBlank(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.send(PING);
        worker.reply("a reply to the ping", reply -> true);
        long begun = System.nanoTime();
        worker.send(Collections.nCopies(PINGS, PING).toArray(String[]::new));
        for (int ping = 0; ping < PINGS; ping++) {
            worker.reply("a reply to each ping", reply -> true);
        }
        long each = (System.nanoTime() - begun) / PINGS;
        int lines = Math.clamp(SECONDS.toNanos() / Math.max(1, each), PINGS, MANY_BLANK);
        if (lines < MANY_BLANK) {
            context.leaveOut();
        }
        worker.sendAs("thousands of blank lines and a ping, in one write", "\n".repeat(lines) + PING);
        worker.reply("the pong to the ping behind them", context::isPong, SECONDS.multipliedBy(SLOWER));
    }

    private static Arbitrary<Script> anywhere() {
        Arbitrary<String> ws = Texts.whiteSpace();
        return Combinators.combine(ws, ws, ws, ws, ws, ws)
                .as((a, b, c, d, e, f) ->
                        line(a + "{" + b + "\"op\"" + c + ":" + d + "\"ping\"" + e + "}" + f, Expect.pong()));
    }

    private static List<Script> blank(int longest) {
        List<Script> scripts = new ArrayList<>(ofSizesOfBuffers());
        scripts.addAll(List.of(
                line("", Expect.silence()),
                line(" ", Expect.silence()),
                line("\t", Expect.silence()),
                line("\r", Expect.silence()),
                line("  \t \r\r", Expect.silence()),
                line(" ".repeat(5000), Expect.silence()),
                line(" ".repeat(70_000), Expect.silence()),
                Script.of(Line.filled("", " ", longest, "", Expect.silence()))));
        return scripts;
    }

    private static List<Script> ofSizesOfBuffers() {
        return IntStream.rangeClosed(8, 16)
                .map(power -> 1 << power)
                .mapToObj(size -> line(" ".repeat(size), Expect.silence()))
                .toList();
    }

    private static Arbitrary<Script> between() {
        Arbitrary<Line> blank = Texts.whiteSpace().map(text -> Line.of(text, Expect.silence()));
        return blank.list().ofMinSize(1).ofMaxSize(8).map(lines -> new Script(lines, Script.ONE_WRITE));
    }

    private static void halfALine(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.sendBytes((PING + "\n{\"op\":").getBytes(StandardCharsets.UTF_8));
        worker.reply("a reply to the whole line, with half of the next one behind it", reply -> true);
        worker.send("\"ping\"}");
        worker.reply("a reply to the line that came in halves", reply -> true);
    }

    private static List<Script> eachReply() {
        return List.of(Script.of(
                Line.of(PING, Expect.pong()),
                Line.of(PING, Expect.pong()),
                Line.of("no json", Expect.anyReply()),
                Line.of("{\"op\":\"nccl_sanity_check\"}", Expect.sanity()),
                Line.of(PING, Expect.pong())));
    }
}
