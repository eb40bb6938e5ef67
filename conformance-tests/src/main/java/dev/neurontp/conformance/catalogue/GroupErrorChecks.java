package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.check.Script;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** O8, S5, S6 in groups: what follows a refusal or an error, and that ranks that have joined keep all other rules. */
final class GroupErrorChecks {

    private static final String HEX = "0123456789abcdef".repeat(16);
    private static final List<String> BAD_IDS =
            List.of("beef", HEX.substring(1), "", "g" + HEX.substring(1), HEX + "0");
    /** Rules of single requests and their replies, whose examples any worker can be asked at any time. */
    private static final Set<String> OF_REQUESTS =
            Set.of("F1", "F1s", "F2", "F3", "F4", "F11", "O1", "O2", "O3", "O4", "O5", "O6", "O7", "O9", "O10");

    private static final Script PIPELINED =
            new Script(Collections.nCopies(5, Line.of(RankGroup.PING, Expect.pong())), Script.ONE_WRITE);

    /** S4, where an init that failed counts as none, and S5, where the failure is the group's. */
    private static final List<String> WITHOUT_A_GROUP = List.of("nccl_not_initialised", "nccl_sanity_failed");

    private static final int FULL_WIDTH_ZERO = 0xff10;
    private static final int ARABIC_ZERO = 0x660;

    /** How long an init that cannot end well is waited for. */
    private static final Duration ASIDE = Duration.ofSeconds(2);

    private GroupErrorChecks() {}

    /** The checks; {@code others} are those whose examples a rank that has joined must pass too. */
    static List<Check> all(List<Check> others) {
        return List.of(
                new Check.Own(
                        "S5.then-a-good-id", "refused comm_ids, then a good one", GroupErrorChecks::goodIdAfterBad),
                new Check.Own(
                        "S5.maker-gone",
                        "a comm_id whose maker has ended, and a sanity check after it",
                        GroupErrorChecks::makerGone),
                new Check.Own("S6.second-init", "a second init", GroupErrorChecks::secondInit),
                new Check.Own(
                        "O8.in-a-group",
                        "the examples of other rules in ranks that have joined, and sums after errors",
                        context -> otherRules(context, others)));
    }

    private static void goodIdAfterBad(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        String good = RankGroup.commId(context);
        List<String> kinds = List.of("nccl_init_failed", "bad_request");
        for (String id : BAD_IDS) {
            group.ask(RankGroup.init(id));
            isRefused(context, group, kinds);
        }
        for (Map.Entry<String, String> like : likeIt(good).entrySet()) {
            group.askAs("init with the good comm_id " + like.getKey(), RankGroup.init(like.getValue()));
            isRefused(context, group, kinds);
        }
        group.ping();
        group.join(good);
        group.sum();
    }

    /** It may be waited for, for long, and whoever serves the id may be somebody else; but who fails says so, and does not sum. */
    private static void makerGone(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        RankGroup.MadeId made = RankGroup.madeId(context);
        context.endMaker(made.maker());
        group.ask(RankGroup.init(made.commId()));
        List<DedicatedWorker> failed = new ArrayList<>();
        RankGroup.firstWords(context, group.ranks(), ASIDE, (rank, output) -> {
            if (output instanceof Reply reply && reply.isError()) {
                doesNotSum(context, rank, reply);
                judgedAs("O8", () -> group.ping(rank));
                failed.add(rank);
            } else if (output instanceof Output.End) {
                throw rank.violationOf("O8", "an error, or nothing yet, and a worker that serves on", "its end");
            }
        });
        GroupLifeChecks.endOneByOne(context, failed, true);
    }

    private static void doesNotSum(CheckContext context, DedicatedWorker rank, Reply refusal) throws RuleViolation {
        if (!refusal.isError("nccl_init_failed")) {
            throw rank.violation("an error of kind nccl_init_failed", refusal.toString());
        }
        rank.send(RankGroup.SANITY);
        Duration time = context.timeouts().reply();
        Output output = rank.next(Deadline.in(time));
        if (!(output instanceof Reply reply) || WITHOUT_A_GROUP.stream().noneMatch(reply::isError)) {
            throw rank.violationOf(
                    output instanceof Reply ? "S4" : "O8",
                    "an error of kind " + String.join(" or ", WITHOUT_A_GROUP) + " after an init that failed",
                    output == null ? rank.worker().nothingWithin(time) : RankGroup.shown(output));
        }
    }

    private static void requireRefused(RankGroup group, List<String> kinds) throws RuleViolation {
        for (DedicatedWorker rank : group.ranks()) {
            requireRefused(rank, kinds);
        }
    }

    /** The same, where one that is not refused hides no other. */
    private static void isRefused(CheckContext context, RankGroup group, List<String> kinds)
            throws RuleViolation, StartFailure {
        for (DedicatedWorker rank : group.ranks()) {
            context.inTurn(() -> requireRefused(rank, kinds));
        }
    }

    private static void requireRefused(DedicatedWorker rank, List<String> kinds) throws RuleViolation {
        rank.reply(
                "an error of kind " + String.join(" or ", kinds),
                reply -> kinds.stream().anyMatch(reply::isError));
    }

    /** What is seen while another rule is looked at. */
    private static void judgedAs(String rule, CheckContext.Part step) throws RuleViolation, StartFailure {
        try {
            step.go();
        } catch (RuleViolation violation) {
            throw violation.of(rule);
        }
    }

    /** Ids that a lenient reader takes for that good one, by what is done to it. */
    private static Map<String, String> likeIt(String good) {
        Map<String, String> like = new LinkedHashMap<>();
        like.put("behind a blank", " " + good);
        like.put("before a blank", good + " ");
        like.put("before a line end", good + "\\n");
        like.put("behind 0x", "0x" + good);
        like.put("before a NUL", good + "\\u0000");
        like.put("in full-width digits", inDigits(good, FULL_WIDTH_ZERO));
        for (String mark : List.of(" ", "-", "_", ":", ",", "\\u200b")) {
            like.put("with '" + mark + "' in it", good.substring(0, 8) + mark + good.substring(8));
        }
        like.put("before 00", good + "00");
        like.put("before 0", good + "0");
        like.put("behind 00", "00" + good);
        like.put("twice", good + good);
        like.put("in Arabic digits", inDigits(good, ARABIC_ZERO));
        // What a reader does with the beginning, such as an address, still holds.
        int half = good.length() / 2;
        like.put(
                "with full-width digits in its second half",
                good.substring(0, half) + inDigits(good.substring(half), FULL_WIDTH_ZERO));
        like.put(
                "with Arabic digits in its second half",
                good.substring(0, half) + inDigits(good.substring(half), ARABIC_ZERO));
        like.put("with zz at its end", good.substring(0, good.length() - 2) + "zz");
        like.put("with g at its end", good.substring(0, good.length() - 1) + "g");
        for (int at = 0; at < good.length(); at += 2) {
            if (good.charAt(at) == '0') {
                // The value of these two characters stays, as C's strtol reads them.
                like.put("with + for a 0", good.substring(0, at) + "+" + good.substring(at + 1));
                like.put("with a blank for a 0", good.substring(0, at) + " " + good.substring(at + 1));
                break;
            }
        }
        return like;
    }

    /** Digits of another script, of which this is the zero; the letters stay. */
    private static String inDigits(String hex, int zero) {
        StringBuilder other = new StringBuilder();
        hex.chars().forEach(c -> other.append(c >= '0' && c <= '9' ? (char) (c - '0' + zero) : (char) c));
        return other.toString();
    }

    private static void secondInit(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        String own = RankGroup.commId(context);
        group.join(own);
        group.ask(RankGroup.init(RankGroup.commId(context)));
        RuleViolation refused = null;
        for (DedicatedWorker rank : group.ranks()) {
            try {
                rank.reply(
                        "an error of kind nccl_already_initialised",
                        reply -> reply.isError("nccl_already_initialised"),
                        context.groupTimes().join(context.timeouts().start()));
            } catch (RuleViolation violation) {
                refused = refused == null ? violation : refused;
            }
        }
        if (refused != null) {
            throw refused;
        }
        group.ask(RankGroup.init(own));
        requireRefused(group, List.of("nccl_already_initialised"));
        group.ask(RankGroup.init("beef"));
        requireRefused(group, List.of("nccl_already_initialised", "nccl_init_failed", "bad_request"));
        for (String none : List.of("{\"op\":\"init\",\"comm_id\":7}", "{\"op\":\"init\"}")) {
            group.ask(none);
            for (DedicatedWorker rank : group.ranks()) {
                Reply reply = rank.reply("an error as the reply to an init without a comm_id", Reply::isError);
                if (!reply.isError("bad_request")) {
                    throw rank.violationOf(
                            "O6", "an error of kind bad_request for an init without a comm_id", reply.toString());
                }
            }
        }
        group.sum();
        judgedAs("S3", group::ping);
        judgedAs(
                "L4",
                () -> GroupLifeChecks.refusesWithoutReader(
                        context, group.ranks().getLast()));
        GroupLifeChecks.endOneByOne(context, group.allButTheLast(), false);
    }

    /** One script a rank, in turn; false where a rank lost count, which leaves nothing more to ask. */
    private static boolean deal(CheckContext context, RankGroup group, String rule, List<Script> scripts)
            throws RuleViolation {
        for (int rank = 0; rank < group.size(); rank++) {
            List<Script> own = new ArrayList<>();
            for (int i = rank; i < scripts.size(); i += group.size()) {
                own.add(scripts.get(i));
            }
            if (!context.judge(group.ranks().get(rank), rule, own)) {
                return false;
            }
        }
        return true;
    }

    private static void otherRules(CheckContext context, List<Check> others) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.joined(context, context.group().worldSizes().getFirst());
        for (DedicatedWorker rank : group.ranks()) {
            if (!context.judge(rank, "F4", List.of(PIPELINED, PIPELINED.inPieces(1)))) {
                return;
            }
        }
        group.ask(RankGroup.init("beef"));
        for (DedicatedWorker rank : group.ranks()) {
            rank.reply("an error as the reply to an init whose comm_id is none", Reply::isError);
        }
        group.sum();
        for (Check check : others) {
            if (check instanceof Check.Examples examples && OF_REQUESTS.contains(check.rule())) {
                List<Script> scripts =
                        examples.scripts().stream().filter(Script::fitsAnyRank).toList();
                if (!deal(context, group, check.rule(), scripts)) {
                    return;
                }
                group.sum();
            }
        }
        group.ask("no json");
        for (DedicatedWorker rank : group.ranks()) {
            rank.reply("an error as the reply to a line that is no JSON", Reply::isError);
        }
        GroupLifeChecks.endTogether(group);
    }
}
