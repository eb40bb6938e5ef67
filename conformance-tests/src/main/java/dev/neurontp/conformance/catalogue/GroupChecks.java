package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.PrerequisiteException;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** S3, S6: whole groups, every rank started by the suite, rank 0 too. */
final class GroupChecks {

    private static final String PING = "{\"op\":\"ping\"}";
    private static final String SANITY = "{\"op\":\"nccl_sanity_check\"}";
    /** A minute is normal for an init on a large host. */
    private static final Duration JOIN = Duration.ofMinutes(2);
    /** How long rank 0 is left alone in its init: a worker that does not wait for the others answers in this time. */
    private static final Duration ALONE = Duration.ofMillis(300);

    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration REDUCE = Duration.ofSeconds(30);

    private GroupChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own("S3.join-and-sum", "all ranks join, then the sums", GroupChecks::joinAndSum),
                new Check.Own("S6.second-init", "a second init", GroupChecks::secondInit));
    }

    private static void joinAndSum(CheckContext context) throws RuleViolation, StartFailure {
        if (isMissing(context)) {
            return;
        }
        for (int size : context.group().worldSizes()) {
            List<DedicatedWorker> ranks = join(context, size);
            for (int round = 0; round < 3; round++) {
                all(ranks, PING, "a pong between the sanity checks", reply -> !reply.isError(), Duration.ZERO);
                sum(ranks, size);
            }
            for (DedicatedWorker rank : ranks) {
                rank.send("{\"op\":\"shutdown\"}");
            }
            for (DedicatedWorker rank : ranks) {
                rank.reply("bye", reply -> reply.op().filter("bye"::equals).isPresent());
                int exit = rank.end("exit code 0 after bye").exitCode();
                if (exit != 0) {
                    context.report(rank.violationOf("L2", "exit code 0 after a group was joined", "exit code " + exit));
                }
            }
        }
    }

    private static void secondInit(CheckContext context) throws RuleViolation, StartFailure {
        if (isMissing(context)) {
            return;
        }
        int size = context.group().worldSizes().getFirst();
        List<DedicatedWorker> ranks = join(context, size);
        String other = init(commId(context));
        ranks.forEach(rank -> rank.send(other));
        RuleViolation refused = null;
        for (DedicatedWorker rank : ranks) {
            try {
                rank.reply(
                        "an error of kind nccl_already_initialised",
                        reply -> reply.isError("nccl_already_initialised"),
                        JOIN);
            } catch (RuleViolation violation) {
                refused = refused == null ? violation : refused;
            }
        }
        if (refused != null) {
            throw refused;
        }
        sum(ranks, size);
    }

    /** Starts every rank and has them join: all inits are sent before any reply is awaited. */
    private static List<DedicatedWorker> join(CheckContext context, int size) throws RuleViolation, StartFailure {
        List<DedicatedWorker> ranks = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            ranks.add(context.start(new Identity(rank, size, rank).arguments(), Map.of("NCCL_DEBUG", "INFO"), false));
        }
        all(ranks, PING, "a pong", reply -> !reply.isError(), Duration.ZERO);
        for (DedicatedWorker rank : ranks) {
            rank.send(SANITY);
            Output before = rank.next(Deadline.in(context.timeouts().reply()));
            if (!(before instanceof Reply reply) || !reply.isError("nccl_not_initialised")) {
                context.report(rank.violationOf("S4", "an error of kind nccl_not_initialised", String.valueOf(before)));
            }
        }
        String id = commId(context);
        DedicatedWorker first = ranks.getFirst();
        first.send(init(id.toLowerCase(Locale.ROOT)));
        Output early = first.next(Deadline.in(ALONE));
        if (early != null) {
            throw first.violation("no reply to init before the other ranks were told to join", early.toString());
        }
        // The same 128 bytes: hex digits may stand in either case.
        ranks.stream().skip(1).forEach(rank -> rank.send(init(id.toUpperCase(Locale.ROOT))));
        allJoin(ranks);
        return ranks;
    }

    /** Looks at all of them by turns: a rank that refuses is seen at once, although those before it still wait. */
    private static void allJoin(List<DedicatedWorker> ranks) throws RuleViolation {
        Deadline deadline = Deadline.in(JOIN);
        List<DedicatedWorker> waiting = new ArrayList<>(ranks);
        while (!waiting.isEmpty()) {
            for (DedicatedWorker rank : List.copyOf(waiting)) {
                Output output = rank.next(Deadline.in(LOOK));
                String expected = "init_ok from rank " + ranks.indexOf(rank)
                        + " (rank 0 got the comm_id in lower case, the others in upper case)";
                if (output instanceof Reply reply
                        && reply.op().filter("init_ok"::equals).isPresent()) {
                    waiting.remove(rank);
                } else if (output != null) {
                    throw rank.violation(
                            expected, output instanceof Output.End ? "the end of stdout" : output.toString());
                } else if (deadline.isOver()) {
                    throw rank.violation(expected, "nothing within " + JOIN.toSeconds() + " s");
                }
            }
        }
    }

    private static String init(String commId) {
        return "{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}";
    }

    private static void sum(List<DedicatedWorker> ranks, int size) throws RuleViolation {
        all(
                ranks,
                SANITY,
                "nccl_sanity_result with observed_sum " + size,
                reply -> reply.op().filter("nccl_sanity_result"::equals).isPresent()
                        && reply.object()
                                .get("observed_sum")
                                .filter(new JsonNumber(Integer.toString(size))::equals)
                                .isPresent(),
                REDUCE);
    }

    private static void all(
            List<DedicatedWorker> ranks, String request, String expected, Predicate<Reply> test, Duration more)
            throws RuleViolation {
        ranks.forEach(rank -> rank.send(request));
        for (int rank = 0; rank < ranks.size(); rank++) {
            ranks.get(rank).reply(expected + " from rank " + rank, test, more);
        }
    }

    private static boolean isMissing(CheckContext context) {
        if (context.group().commIdCommand().isEmpty()) {
            context.skip("nothing makes a comm_id here: give --comm-id-command");
            return true;
        }
        return false;
    }

    /** Starts the maker of a comm_id, which serves it until the check is over. */
    private static String commId(CheckContext context) throws StartFailure {
        DedicatedWorker maker = context.launch(context.group().commIdCommand());
        Deadline deadline = Deadline.in(Duration.ofSeconds(30));
        Output first = maker.worker().next(deadline).orElse(null);
        if (first instanceof Output.Noise line && line.line().matches("[0-9a-fA-F]{256}")) {
            return line.line();
        }
        String seen = first == null
                ? "printed nothing within 30 s"
                : first instanceof Output.End ? "ended without a line" : "printed " + first;
        List<String> stderr = maker.worker().transcript().stderrTail();
        throw new PrerequisiteException(
                "the --comm-id-command " + context.group().commIdCommand()
                        + " must print a comm_id of 256 hex digits on its first line, and " + seen
                        + (stderr.isEmpty() ? "" : "; its last words: " + stderr.getLast()));
    }
}
