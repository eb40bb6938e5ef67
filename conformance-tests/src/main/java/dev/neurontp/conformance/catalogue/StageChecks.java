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
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.StartFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** S1, S2, S4, S5: what init and nccl_sanity_check get from a worker that has joined nothing. */
final class StageChecks {

    private static final String SANITY = "{\"op\":\"nccl_sanity_check\"}";
    private static final String INIT = "{\"op\":\"init\",\"comm_id\":\"";
    private static final String HEX_256 = "0123456789abcdef".repeat(16);

    /** More time for large ids: a megabyte a second. */
    private static final int BYTES_A_MILLISECOND = 1000;

    private StageChecks() {}

    static List<Check> all(Texts texts) {
        List<Check> checks = new ArrayList<>();
        int longest = texts.contract().maxFrameBytes();
        checks.addAll(marked("S1", Stage.PLUMBING.sanityKind(), longest));
        checks.addAll(marked("S2", Stage.NO_CUDA.sanityKind(), longest));
        checks.add(new Check.Examples(
                "S4.before-init", "a sanity check before init", sanity(Stage.COLLECTIVE.sanityKind())));
        checks.add(new Check.Own(
                "S5.bad-ids", "comm_ids that are not 256 hex digits", context -> badIds(context, longest)));
        return checks;
    }

    private static List<Check> marked(String rule, String kind, int longest) {
        return List.of(
                new Check.Examples(rule + ".sanity", "the marker for nccl_sanity_check", sanity(kind)),
                new Check.Examples(rule + ".init", "the marker for init", init(kind, longest)),
                new Check.Own(
                        rule + ".other-ranks",
                        "the marker from rank 0, and from the only rank",
                        context -> otherRanks(context, kind)),
                new Check.Property(rule + ".any-id", "the marker for any string as comm_id", () -> anyId(kind)));
    }

    private static void otherRanks(CheckContext context, String kind) throws RuleViolation, StartFailure {
        for (Identity identity : List.of(new Identity(0, 2, 0), new Identity(0, 1, 0))) {
            context.apart(() -> otherRank(context, identity, kind));
        }
    }

    private static void otherRank(CheckContext context, Identity identity, String kind)
            throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(identity);
        for (String request : List.of(SANITY, INIT + HEX_256 + "\"}")) {
            worker.send(request);
            context.inTurn(() -> worker.reply("an error of kind " + kind, reply -> reply.isError(kind)));
        }
        LifeChecks.shutsDown(context, worker);
    }

    private static List<Script> sanity(String kind) {
        return List.of(
                line(SANITY, Expect.error(kind)),
                line("{\"x\":1,\"op\":\"nccl_sanity_check\",\"comm_id\":null}", Expect.error(kind)),
                line(SANITY, Expect.error(kind)));
    }

    private static List<Script> init(String kind, int longest) {
        Stream<Script> ids = Stream.of(
                        "",
                        "beef",
                        HEX_256,
                        HEX_256.toUpperCase(java.util.Locale.ROOT),
                        "\\u0000",
                        "not hex",
                        "a".repeat(100_000),
                        "a".repeat(1_100_000))
                .map(id -> line(INIT + id + "\"}", Expect.error(kind)));
        return Stream.concat(ids, Stream.of(Script.of(Line.filled(INIT, "a", longest, "\"}", Expect.error(kind)))))
                .toList();
    }

    private static Arbitrary<Script> anyId(String kind) {
        Arbitrary<String> ids = Arbitraries.oneOf(
                Texts.strings(),
                Arbitraries.strings().withChars("0123456789abcdefABCDEF").ofMaxLength(300));
        return Combinators.combine(
                        ids, Texts.spellings(), Texts.unknownMembers().list().ofMaxSize(1))
                .as((id, spelling, more) -> {
                    List<String> members = new ArrayList<>(more);
                    members.add("\"comm_id\":" + spelling.quote(id));
                    members.add("\"op\":\"init\"");
                    return line("{" + String.join(",", members) + "}", Expect.error(kind));
                });
    }

    private static void badIds(CheckContext context, int longest) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        for (String id : List.of(
                "",
                "beef",
                HEX_256.substring(1),
                HEX_256 + "0",
                HEX_256 + HEX_256,
                "g" + HEX_256.substring(1),
                " " + HEX_256.substring(1),
                "0x" + HEX_256.substring(2),
                "\\uff11" + HEX_256.substring(1),
                "a".repeat(longest - INIT.length() - 2))) {
            worker.send(INIT + id + "\"}");
            context.inTurn(() -> worker.reply(
                    "an error of kind nccl_init_failed or bad_request",
                    reply -> reply.isError("nccl_init_failed") || reply.isError("bad_request"),
                    Duration.ofMillis(id.length() / BYTES_A_MILLISECOND)));
        }
        worker.send("{\"op\":\"ping\"}");
        worker.reply("a pong to the ping after them", context::isPong);
    }
}
