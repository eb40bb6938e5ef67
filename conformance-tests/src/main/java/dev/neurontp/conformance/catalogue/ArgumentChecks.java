package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.json.JsonValue;
import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A1 to A5: the command line. */
final class ArgumentChecks {

    private static final String PING = "{\"op\":\"ping\"}";
    private static final long U32_MAX = 0xffff_ffffL;
    private static final long I32_MAX = 0x7fff_ffffL;
    private static final List<String> OPTIONS = List.of("--rank", "--tp-size", "--cuda-device");

    /** Where numbers of 31 and of 32 bits end. */
    private static final List<Identity> EDGES =
            List.of(new Identity(U32_MAX - 9, U32_MAX - 1, U32_MAX), new Identity(I32_MAX, I32_MAX + 1, I32_MAX));

    /** As torchrun and Slurm tell a process its rank: an option that was given is what counts. */
    private static final Map<String, String> OTHER_RANK = Map.ofEntries(
            Map.entry("RANK", "7"),
            Map.entry("LOCAL_RANK", "6"),
            Map.entry("WORLD_SIZE", "8"),
            Map.entry("LOCAL_WORLD_SIZE", "8"),
            Map.entry("TP_SIZE", "8"),
            Map.entry("SLURM_PROCID", "7"),
            Map.entry("SLURM_LOCALID", "6"),
            Map.entry("SLURM_NTASKS", "8"));

    /**
     * Numbers and options as lenient readers take them: always judged. A binary may have options of its own, of one letter or with
     * underscores too: those here are no binary's.
     */
    private static final List<List<String>> LENIENT = List.of(
            List.of("--rank", "1.0"),
            List.of("--tp-size=2.0"),
            List.of("--cuda-device", "1e0"),
            List.of("--cuda-device=1.0"),
            List.of("--rank", "0x1"),
            List.of("--rank", " 1"),
            List.of("--tp-size", "2 "),
            List.of("--cuda-device", "1\n"),
            List.of("--cuda-device", "0x1"),
            List.of("--cuda-device", " 1"),
            List.of("--cuda-device", "18446744073709551617"),
            List.of("--cuda-device", "all"),
            List.of("--tp-size=0X2"),
            List.of("--tp-size", "\t2"),
            List.of("--rank", "18446744073709551617"),
            List.of("--rank", "9".repeat(5000)),
            List.of("--tp-size", "\u00b2"),
            List.of("--rank", "-18446744073709551615"),
            List.of("--rank", "-1"),
            List.of("--tp-size", "1,0"),
            List.of("--rAnK", "1"),
            List.of("-no-such-option"),
            List.of("--no-such-option=1"),
            List.of("--rank", "1", "--tp-size", "2", "--cuda-device", "0", "--no-such-option"),
            List.of("--rank-no-such-option", "1"),
            List.of("--ran", "1"));

    private static final List<List<String>> REFUSED = List.of(
            List.of("--rank", "4294967296"),
            List.of("--tp-size=-1"),
            List.of("--no-such-option"),
            List.of("--cuda-device", "x"),
            List.of("--rank"),
            List.of("--tp-size", "1.5"),
            List.of("--cuda-device", "4294967296"),
            List.of("--tp-size", "99999999999999999999999"),
            List.of("--rank", ""),
            List.of("--cuda-device=-1"),
            List.of("--cuda-device"),
            List.of("--tp-size", "4294967297"),
            List.of("--cuda-device", ""),
            List.of("--tp-sizenosuchoption=2"),
            List.of("--rank", "1_0"),
            List.of("--tp-size", "2."),
            List.of("--tp-size"),
            List.of("--rank", "1e3"),
            List.of("--tp-size="),
            List.of("--rank", "\uff11"),
            List.of("--rank", "0o7"),
            List.of("--cuda-device", "0b1"),
            List.of("--rank=1=2"),
            List.of("--cuda-dev=0"),
            List.of("--cuda-device", "0\t"),
            List.of("--tp-size=\u00a02"),
            List.of("--rank", "1k"),
            List.of("--rank", "4294967297"),
            List.of("--cuda-device", "1;"),
            List.of("--rank=-0x1"),
            List.of("--rank\u0001=1"),
            List.of("--rank", "x"),
            List.of("--rank", "1 "),
            List.of("--tp-size", "x"),
            List.of("--tp-size", "0x2"),
            List.of("--tp-size", " 2"),
            List.of("--tp-size", "2e0"),
            List.of("--tp-size", "18446744073709551618"),
            List.of("--cuda-device", "0,1"),
            List.of("--rank", "--tp-size", "2"));

    /**
     * How often a process is started that ends at once and says nothing. Its words may be lost: on a busy host Podman loses those of a
     * process that ends before its client is attached, and the JDK those of a helper that its stderr goes through, where it ends before
     * anybody listens.
     */
    private static final int LOOKS = 4;

    /** How many tries come to a value that is drawn, which needs a process. */
    private static final int A_VALUE = 40;

    private enum Refusal {
        GOOD,
        /** To be looked at again. */
        WITHOUT_WORDS,
        NONE
    }

    private ArgumentChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own("A1.defaults", "left out they are 0, 1 and 0", ArgumentChecks::defaults),
                new Check.Own("A1.any", "any u32, in any order and form", ArgumentChecks::any),
                new Check.Own("A2.no-cross-check", "rank 5 of 2 starts", ArgumentChecks::noCrossCheck),
                new Check.Own(
                        "A3.refused",
                        "bad values, missing values, unknown and abbreviated options",
                        ArgumentChecks::refused),
                new Check.Own("A4.twice", "an option given twice", context -> {
                    for (String option : context.some(OPTIONS, 1)) {
                        refused(context, List.of(option, "1", option + "=1"), worker -> worker);
                    }
                }),
                new Check.Own("A5.answers", "--help and --version", ArgumentChecks::answers));
    }

    private static void defaults(CheckContext context) throws RuleViolation, StartFailure {
        context.apart(() -> noneGiven(context));
        // Some given: the others must not be made up from them.
        context.apart(() -> pongOf(
                context, context.start(List.of("--worker", "--rank", "1", "--tp-size", "3")), new Identity(1, 3, 0)));
        ifTaken(context, new Identity(U32_MAX, 1, 0), List.of("--rank", Long.toString(U32_MAX)));
    }

    private static void noneGiven(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker rankZero = context.start(List.of("--worker"));
        context.inTurn(() -> pongOf(context, rankZero, new Identity(0, 1, 0)));
        // What only this rank says at its end is on stderr.
        rankZero.closeStdin();
        rankZero.hearOut(context.timeouts().end());
        LifeChecks.requireZero(rankZero);
    }

    /** A worker that refuses such a world has an opinion of its own (A2). One that takes it must not make up another one. */
    private static void ifTaken(CheckContext context, Identity identity, List<String> options)
            throws RuleViolation, StartFailure {
        List<String> arguments = new ArrayList<>(List.of("--worker"));
        arguments.addAll(options);
        DedicatedWorker worker = context.start(arguments);
        worker.send(PING);
        if (worker.next(Deadline.in(context.timeouts().start())) instanceof Reply reply
                && !(context.isPong(reply)
                        && is(reply, "rank", identity.rank())
                        && is(reply, "world_size", identity.worldSize()))) {
            throw worker.violation(
                    "a pong of rank " + identity.rank() + ", world_size " + identity.worldSize(), reply.toString());
        }
    }

    private static void any(CheckContext context) throws RuleViolation, StartFailure {
        for (Identity edge : EDGES) {
            context.apart(() -> pongOf(context, context.start(backwards(edge), OTHER_RANK, false), edge));
        }
        context.apart(() -> ifTaken(context, new Identity(0, 0, 0), List.of("--rank", "0", "--tp-size", "0")));
        int count = Math.clamp(context.tries() / 40, 1, 5);
        for (int i = 1; i < count; i++) {
            Random random = context.random();
            long size = 1 + random.nextLong(U32_MAX);
            Identity identity = new Identity(random.nextLong(size), size, random.nextLong(U32_MAX + 1));
            pongOf(context, context.start(shuffled(identity, random)).drawn("any u32"), identity);
        }
    }

    /** Everything that is not as the other checks have it: the last option first, and all values behind a =. */
    private static List<String> backwards(Identity identity) {
        return List.of(
                "--cuda-device=" + identity.cudaDevice(),
                "--tp-size=" + identity.worldSize(),
                "--rank=" + identity.rank(),
                "--worker");
    }

    private static List<String> shuffled(Identity identity, Random random) {
        List<List<String>> parts = new ArrayList<>(List.of(List.of("--worker")));
        long[] values = {identity.rank(), identity.worldSize(), identity.cudaDevice()};
        for (int i = 0; i < OPTIONS.size(); i++) {
            parts.add(
                    random.nextBoolean()
                            ? List.of(OPTIONS.get(i) + "=" + values[i])
                            : List.of(OPTIONS.get(i), Long.toString(values[i])));
        }
        Collections.shuffle(parts, random);
        return parts.stream().flatMap(List::stream).toList();
    }

    private static void noCrossCheck(CheckContext context) throws RuleViolation, StartFailure {
        pongOf(context, context.start(new Identity(5, 2, 0)), new Identity(5, 2, 0));
    }

    private static void pongOf(CheckContext context, DedicatedWorker worker, Identity identity) throws RuleViolation {
        worker.send(PING);
        worker.reply(
                "a pong of rank " + identity.rank() + ", world_size " + identity.worldSize() + ", cuda_device "
                        + identity.cudaDevice(),
                reply -> context.isPong(reply)
                        && is(reply, "rank", identity.rank())
                        && is(reply, "world_size", identity.worldSize())
                        && is(reply, "cuda_device", identity.cudaDevice()));
    }

    /** By value, in any spelling: how a number is written is the matter of O2, that it is there of O9. */
    static boolean is(Reply reply, String field, long value) {
        JsonValue seen = reply.object().get(field).orElse(null);
        return switch (seen) {
            case null -> !reply.isError();
            case JsonNumber number -> Double.parseDouble(number.spelling()) == value;
            case JsonValue.JsonString text -> text.value().equals(Long.toString(value));
            default -> false;
        };
    }

    /** Values are drawn where all the others are refused: so the known failures of a run are those of any seed. */
    private static void refused(CheckContext context) throws RuleViolation, StartFailure {
        List<List<String>> fixed = new ArrayList<>(ThroughLauncher.handedOn(context, LENIENT));
        fixed.addAll(context.some(ThroughLauncher.handedOn(context, REFUSED), 3));
        boolean all = true;
        for (List<String> arguments : fixed) {
            all &= refused(context, arguments, worker -> worker);
        }
        for (int i = 0; all && i < context.tries() / A_VALUE && !context.isLaunched(); i++) {
            all = refused(context, BadValues.any(context.random()), worker -> worker.drawn(BadValues.DRAWN));
        }
    }

    /** False where they are not, which is reported. */
    private static boolean refused(CheckContext context, List<String> bad, UnaryOperator<DedicatedWorker> named)
            throws RuleViolation, StartFailure {
        List<String> arguments = new ArrayList<>(List.of("--worker"));
        arguments.addAll(bad);
        Refusal refusal = Refusal.WITHOUT_WORDS;
        for (int look = 1; refusal == Refusal.WITHOUT_WORDS; look++) {
            DedicatedWorker worker = look == 1 ? context.start(arguments) : context.startLate(arguments);
            refusal = refusalOf(context, named.apply(worker), look);
        }
        return refusal == Refusal.GOOD;
    }

    private static Refusal refusalOf(CheckContext context, DedicatedWorker worker, int look) throws RuleViolation {
        // One that takes them answers: then there is no need to wait for an end.
        worker.send(PING);
        Output first =
                worker.worker().next(Deadline.in(context.timeouts().start())).orElse(null);
        if (first instanceof Reply reply) {
            context.report(worker.violation("exit code 2", "it takes them, and answers a ping: " + reply));
            return Refusal.NONE;
        }
        ExitStatus ending = worker.end("exit code 2");
        Refusal refusal = Refusal.NONE;
        if (ending.exitCode() != 2) {
            context.report(worker.violation("exit code 2", ending.toString()));
        } else if (first instanceof Output.Noise) {
            context.report(worker.violation("nothing on stdout", first.toString()));
        } else if (!Streams.hasStderr(worker.worker())) {
            if (look < LOOKS) {
                return Refusal.WITHOUT_WORDS;
            }
            context.report(worker.violation("the reason on stderr", "nothing on stderr"));
        } else {
            refusal = Refusal.GOOD;
        }
        requireNothingLeft(context, worker);
        return refusal;
    }

    /** What it has started before it looked at its arguments. */
    private static void requireNothingLeft(CheckContext context, DedicatedWorker worker) {
        try {
            worker.requireNothingLeft("L1");
        } catch (RuleViolation left) {
            context.report(left);
        }
    }

    private static void answers(CheckContext context) throws RuleViolation, StartFailure {
        List<List<String>> all = List.of(
                List.of("--worker", "--help"),
                List.of("--worker", "--version"),
                List.of("--help"),
                List.of("--version"));
        for (List<String> arguments : context.some(all, 2)) {
            context.apart(() -> isAnswered(context, arguments));
        }
    }

    private static void isAnswered(CheckContext context, List<String> arguments) throws RuleViolation, StartFailure {
        for (int look = 1; !isAnswered(context, arguments, look); look++) {}
    }

    /** False where nothing came on stdout and it is to be looked at again. */
    private static boolean isAnswered(CheckContext context, List<String> arguments, int look)
            throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(arguments);
        ExitStatus ending = worker.end("exit code 0");
        if (ending.exitCode() != 0) {
            throw worker.violation("exit code 0", ending.toString());
        }
        worker.requireNothingLeft("L1");
        if (!Streams.stdout(worker.worker()).isEmpty()) {
            return true;
        }
        if (context.isLaunched() && look < LOOKS) {
            return false;
        }
        throw worker.violation("an answer on stdout", "nothing on stdout");
    }
}
