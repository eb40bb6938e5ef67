package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.check.Script;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.StartFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** F10, F10s, F11: UTF-8 and what is not. */
final class EncodingChecks {

    /** Bytes that are no UTF-8: stray, cut short, overlong, surrogates, beyond U+10FFFF. */
    private static final List<String> NOT_UTF8 = List.of(
            "ff",
            "fe",
            "80",
            "bf",
            "c3",
            "c328",
            "e282",
            "e28228",
            "f09f98",
            "f09f9828",
            "c080",
            "c1bf",
            "e08080",
            "e09fbf",
            "f0808080",
            "f08fbfbf",
            "eda080",
            "edbfbf",
            "eda0bdedb880",
            "f4908080",
            "f5808080",
            "f888808080");

    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final String PING = "{\"op\":\"ping\"}";

    private EncodingChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Examples(
                        "F10.in-a-field",
                        "not UTF-8 in an ignored field",
                        NOT_UTF8.stream()
                                .map(hex -> inField(hex, Expect.noSuccess()))
                                .toList()),
                new Check.Examples("F10.elsewhere", "not UTF-8 in names, tags and around", elsewhere()),
                new Check.Examples("F10s.refused", "not UTF-8 is bad_request, and serving goes on", refused()),
                new Check.Own(
                        "F10s.in-one-write",
                        "a line that is not UTF-8 between others, in one write",
                        EncodingChecks::between),
                new Check.Examples("F11.in-the-middle", "a byte order mark before a later request", marks()),
                new Check.Own(
                        "F11.at-the-start",
                        "a byte order mark as the first bytes, and in a last line without LF",
                        EncodingChecks::atTheStart));
    }

    private static Script inField(String hex, Expect expect) {
        return Script.line(join("{\"op\":\"ping\",\"x\":\"", hex, "\"}"), expect);
    }

    private static List<Script> elsewhere() {
        return List.of(
                Script.line(join("{\"op\":\"ping\",\"", "c0a0", "\":1}"), Expect.noSuccess()),
                Script.line(join("{\"op\":\"ping\"}", "ff", ""), Expect.noSuccess()),
                Script.line(join("", "ff", PING), Expect.noSuccess()),
                Script.line(join("{\"op\":\"", "c1b0", "ing\"}"), Expect.noSuccess()),
                Script.line(join("{\"op\":\"shutdown\",\"x\":\"", "ff", "\"}"), Expect.noSuccess()),
                Script.line(join("{\"op\":\"ping\",\"x\":\"" + "a".repeat(200_000), "ff", "\"}"), Expect.noSuccess()),
                Script.line(join("{\"op\":\"ping\",\"x\":\"", "ff", "a".repeat(200_000) + "\"}"), Expect.noSuccess()),
                Script.line(utf16(), Expect.noSuccess()));
    }

    private static List<Script> refused() {
        return Stream.of("ff", "c080", "eda080", "f4908080", "c3")
                .map(hex -> Script.of(
                        Line.of(join("{\"op\":\"ping\",\"x\":\"", hex, "\"}"), Expect.error("bad_request")),
                        Line.of(PING, Expect.pong())))
                .toList();
    }

    /** A worker may end at such a line, which F10s.refused tells; one that lives on owes a reply to each line (F4). */
    private static void between(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.sendBytes(join(PING + "\n" + "{\"op\":\"ping\",\"x\":\"", "ff", "\"}\n" + PING + "\n"));
        for (int line = 1; line <= 3; line++) {
            Output output = worker.next(Deadline.in(
                    line == 1 ? context.timeouts().start() : context.timeouts().reply()));
            if (output instanceof Output.End) {
                return;
            }
            if (output == null && worker.endWithin(Duration.ZERO) == null) {
                context.report(worker.violationOf(
                        "F4",
                        "a reply to each of three lines in one write, the second of which is not UTF-8",
                        (line - 1) + " replies"));
                return;
            }
        }
    }

    private static List<Script> marks() {
        return List.of(
                Script.line(join("", "efbbbf", PING), Expect.error("bad_request")),
                Script.line(join(" ", "efbbbf", PING), Expect.error("bad_request")),
                Script.line(join("", "efbbbf", "{\"op\":\"nccl_sanity_check\"}"), Expect.error("bad_request")),
                Script.line(join("", "efbbbf", "{\"op\":\"init\",\"comm_id\":\"beef\"}"), Expect.error("bad_request")),
                Script.line(join("", "efbbbf", "{\"op\":\"shutdown\"}"), Expect.error("bad_request")));
    }

    private static void atTheStart(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(BOM);
        bytes.writeBytes((PING + "\n").getBytes(StandardCharsets.UTF_8));
        worker.sendBytes(bytes.toByteArray());
        String expected = "an error of kind bad_request";
        worker.reply(expected, reply -> reply.isError("bad_request"));
        if (LifeChecks.servesOn(context, worker)) {
            inTheLastLine(context, worker, expected);
        }
    }

    /** That it is answered at all is the matter of F6. */
    private static void inTheLastLine(CheckContext context, DedicatedWorker worker, String expected)
            throws RuleViolation {
        worker.sendBytes(join("", "efbbbf", PING));
        worker.closeStdin();
        Output output = worker.next(Deadline.in(context.timeouts().reply()));
        if (output instanceof Output.Reply reply && !reply.isError("bad_request")) {
            throw worker.violation(expected, reply.toString());
        }
    }

    private static byte[] utf16() {
        byte[] wide = PING.getBytes(StandardCharsets.UTF_16BE);
        byte[] marked = new byte[wide.length + 2];
        marked[0] = (byte) 0xfe;
        marked[1] = (byte) 0xff;
        System.arraycopy(wide, 0, marked, 2, wide.length);
        return marked;
    }

    private static byte[] join(String before, String hex, String after) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        line.writeBytes(HexFormat.of().parseHex(hex));
        line.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        return line.toByteArray();
    }
}
