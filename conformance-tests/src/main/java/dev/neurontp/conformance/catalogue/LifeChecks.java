package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** F5, L1 to L3: whole lives, from the first byte to the exit code. */
final class LifeChecks {

    private static final String PING = "{\"op\":\"ping\"}";
    private static final String SHUTDOWN = "{\"op\":\"shutdown\"}";
    private static final Identity RANK_0 = new Identity(0, 2, 1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** How often a slow end is looked at again, so that a busy host is not taken for a slow worker. */
    private static final int LOOKS = 3;
    /** Of pings, whose pongs fill a pipe and what is taken from it before. */
    private static final int MORE_THAN_PIPES_HOLD = 8000;

    private LifeChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own("L1.idle", "end of input at once", context -> endOfInput(context, false)),
                new Check.Own("L1.after-requests", "end of input after requests", context -> endOfInput(context, true)),
                new Check.Own("L2.stdin-open", "shutdown with stdin open", context -> shutdown(context, SHUTDOWN)),
                new Check.Own(
                        "L2.pipelined",
                        "requests behind shutdown are dropped",
                        context -> shutdown(context, PING, SHUTDOWN, PING, "no json", SHUTDOWN, PING)),
                new Check.Own(
                        "L2.half-a-line",
                        "shutdown that ends in CR LF, and half a line behind it",
                        LifeChecks::halfALineBehind),
                new Check.Own(
                        "L2.after-bad-utf8",
                        "shutdown after a line that is not UTF-8",
                        LifeChecks::shutdownAfterBadUtf8),
                new Check.Own("L2s.quick", "the exit comes within a second of bye", LifeChecks::quick),
                new Check.Own("L3.sigterm", "SIGTERM ends it", LifeChecks::sigterm),
                new Check.Own(
                        "L3.sigint",
                        "SIGINT ends it, in the middle of a line, and as rank 0 after errors",
                        LifeChecks::sigint),
                new Check.Own(
                        "L3.stdout-full",
                        "SIGTERM and SIGINT end it while nobody reads its replies",
                        LifeChecks::stdoutFull),
                new Check.Own(
                        "F5.whole-life", "stdout from first to last byte, NCCL_DEBUG=INFO", LifeChecks::wholeLife),
                new Check.Own("F5.other-ends", "stdout until the end of input, and at a signal", LifeChecks::otherEnds),
                new Check.Own(
                        "O1.shutdown",
                        "shutdown in another spelling, among other fields",
                        context -> shutdown(context, "{\"x\":[\"ping\"],\"\\u006fp\" : \"shut\\u0064own\",\"y\":{}}")),
                new Check.Own(
                        "O3.shutdown",
                        "shutdown with the fields of another op",
                        context -> shutdown(
                                context,
                                "{\"op\":\"shutdown\",\"comm_id\":7,\"comm_id\":null,\"rank\":\"x\",\"x\":1,\"x\":1}")));
    }

    private static void endOfInput(CheckContext context, boolean afterRequests) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        if (afterRequests) {
            worker.send(PING);
            worker.reply("a reply to the ping", reply -> true);
            worker.send("no json");
            worker.reply("a reply to the line", reply -> true);
            if (!servesOn(context, worker)) {
                context.skip("it cannot be judged: the worker breaks O8");
                return;
            }
        }
        worker.closeStdin();
        endsWell(worker);
    }

    /** Whether a worker answers after an error; where not, that is reported, and it cannot be judged by what follows. */
    static boolean servesOn(CheckContext context, DedicatedWorker worker) {
        worker.send(PING);
        Duration time = context.timeouts().reply();
        Output output = worker.next(Deadline.in(time));
        if (output instanceof Reply) {
            return true;
        }
        String got = output == null ? worker.worker().nothingWithin(time) : RankGroup.shown(output);
        context.report(worker.violationOf("O8", "a reply to the request after an error", got));
        return false;
    }

    private static void shutdown(CheckContext context, String... lines) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.send(lines);
        if (lines.length > 1) {
            worker.reply("a reply to the ping before shutdown", reply -> isNo(reply, "bye"));
        }
        endsAfterBye(context, worker);
    }

    /** Who reads ahead has some of the half in hand when it says bye, and some is in the pipe. */
    private static void halfALineBehind(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(new Identity(3, 5, 2));
        worker.sendBytes((SHUTDOWN + "\r\n{\"op\"").getBytes(StandardCharsets.UTF_8));
        worker.sendBytes(":\"ping".getBytes(StandardCharsets.UTF_8));
        endsAfterBye(context, worker);
    }

    /** A worker may end at such a line, which F10s tells: only one that answers it, and the ping behind it, owes a bye. */
    private static void shutdownAfterBadUtf8(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.sendBytes(("{\"op\":\"ping\",\"x\":\"\u00ff\"}\n" + PING + "\n").getBytes(StandardCharsets.ISO_8859_1));
        Output error = worker.next(Deadline.in(context.timeouts().start()));
        if (!(error instanceof Reply reply) || !reply.isError()) {
            return;
        }
        if (worker.next(Deadline.in(context.timeouts().reply())) instanceof Reply) {
            worker.send(SHUTDOWN);
            endsAfterBye(context, worker);
        }
    }

    /** Ends a worker of another check by a shutdown: its bye is judged for its form, and its end by L2. */
    static void shutsDown(CheckContext context, DedicatedWorker worker) {
        worker.send(SHUTDOWN);
        try {
            endsAfterBye(context, worker);
        } catch (RuleViolation violation) {
            context.report(violation.of("L2"));
        }
    }

    /** It was told to shut down: a bye, an end with stdin still open, and nothing behind it. */
    static void endsAfterBye(CheckContext context, DedicatedWorker worker) throws RuleViolation {
        worker.reply("bye", reply -> !isNo(reply, "bye"));
        ExitStatus ending = worker.endWithin(context.timeouts().end());
        if (ending == null) {
            worker.closeStdin();
            ending = worker.endWithin(Duration.ofSeconds(2));
            String expected = "exit code 0 after bye, with stdin still open";
            throw ending == null
                    ? worker.runsOn(expected, context.timeouts().end())
                    : worker.violation(expected, "it waited for the end of its input: " + ending);
        }
        List<Reply> rest = worker.rest("stdout closed after bye");
        if (!rest.isEmpty()) {
            throw worker.violation("nothing after bye", DedicatedWorker.shown(rest));
        }
        if (ending.exitCode() != 0) {
            throw worker.violation("exit code 0 after bye", ending.toString()).inGroup(null);
        }
        worker.requireNothingLeft("L2");
    }

    private static void quick(CheckContext context) throws RuleViolation, StartFailure {
        ExitStatus ending = null;
        DedicatedWorker worker = null;
        for (int look = 0; look < LOOKS; look++) {
            worker = context.start(Identity.SHARED);
            worker.send(SHUTDOWN);
            worker.reply("a reply to shutdown", reply -> true);
            ending = worker.endWithin(SECOND);
            if (ending != null) {
                return;
            }
        }
        if (ThroughLauncher.isSlowToEnd(context)) {
            return;
        }
        String expected = "an end within 1000 ms of bye";
        throw worker.endWithin(context.timeouts().end()) == null
                ? worker.runsOn(expected, context.timeouts().end())
                : worker.violation(expected, "a process that still ran then, " + LOOKS + " times of " + LOOKS);
    }

    /** Rank 0 is the one that a framework gives a handler of its own. */
    private static void sigterm(CheckContext context) throws RuleViolation, StartFailure {
        if (WorkerProcess.isIgnored("TERM")) {
            skipIgnored(context, "TERM");
            return;
        }
        signal(context, Identity.SHARED, "TERM", "");
        signal(context, RANK_0, "TERM", "");
        signalAfterErrors(context, Identity.SHARED, "TERM");
    }

    private static void sigint(CheckContext context) throws RuleViolation, StartFailure {
        signal(context, Identity.SHARED, "INT", "{\"op\":\"pi");
        if (context.isLaunched()) {
            context.leaveOut();
        } else if (!WorkerProcess.isIgnored("INT")) {
            signalAfterErrors(context, RANK_0, "INT");
        }
    }

    /** An init is what loads a library with handlers of its own. That it is answered is the matter of other rules. */
    private static void signalAfterErrors(CheckContext context, Identity identity, String name)
            throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(identity);
        worker.send("no json");
        worker.reply("a reply to the line", reply -> true);
        if (!servesOn(context, worker)) {
            return;
        }
        worker.send("{\"op\":\"init\",\"comm_id\":\"beef\"}");
        Output init = worker.next(Deadline.in(context.timeouts().start()));
        if (init instanceof Reply && servesOn(context, worker)) {
            worker.signal(name);
            endsBySignal(context, worker, name);
        }
    }

    private static void signal(CheckContext context, Identity identity, String name, String halfLine)
            throws RuleViolation, StartFailure {
        if (WorkerProcess.isIgnored(name)) {
            skipIgnored(context, name);
            return;
        }
        DedicatedWorker worker = context.start(identity);
        worker.send(PING);
        worker.reply("a reply to the ping", reply -> true);
        if (!halfLine.isEmpty()) {
            worker.sendBytes(halfLine.getBytes(StandardCharsets.UTF_8));
            worker.settle();
        }
        worker.signal(name);
        endsBySignal(context, worker, name);
    }

    private static void stdoutFull(CheckContext context) throws RuleViolation, StartFailure {
        if (ThroughLauncher.isBetween(context)) {
            return;
        }
        if (WorkerProcess.isIgnored("TERM")) {
            skipIgnored(context, "TERM");
            return;
        }
        String expected = "an end by SIGTERM or with exit code 143, while nobody reads its replies";
        DedicatedWorker worker = whileNobodyReads(context, "TERM");
        ExitStatus ending = worker.end(expected);
        if (ending.exitCode() != 143) {
            throw worker.violation(expected, ending.toString());
        }
        if (WorkerProcess.isIgnored("INT")) {
            context.leaveOut();
        } else {
            // It goes to all of its group: to a helper that stdout goes through as well, so the worker may lose its
            // reader first (L4).
            DedicatedWorker interrupted = whileNobodyReads(context, "INT");
            String end = "an end by SIGINT, while nobody reads its replies";
            if (interrupted.end(end).exitCode() == 0) {
                throw interrupted.violation(end, "exit code 0");
            }
        }
    }

    /** A worker with more to say than the pipes hold, and then that signal. What it had begun to write is not read. */
    private static DedicatedWorker whileNobodyReads(CheckContext context, String signal)
            throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.send(PING);
        worker.reply("a reply to the ping", reply -> true);
        worker.worker().pauseReading();
        worker.send(Collections.nCopies(MORE_THAN_PIPES_HOLD, PING).toArray(String[]::new));
        worker.settle();
        worker.signal(signal);
        return worker;
    }

    /** No worker can be judged by a signal that it starts with ignored. */
    static void skipIgnored(CheckContext context, String name) {
        context.skip("SIG" + name + " is ignored where this suite runs, a worker inherits that, and neither env"
                + " --default-signal nor perl is here to change it: install perl, or coreutils 8.31 or later; or start the"
                + " suite where the signal is not ignored, neither behind an & of a shell script nor under nohup");
    }

    static void endsBySignal(CheckContext context, DedicatedWorker worker, String name) throws RuleViolation {
        int number = name.equals("TERM") ? 15 : 2;
        if (context.isLaunched()) {
            ThroughLauncher.endsBySignal(context, worker, name);
            return;
        }
        String expected = "an end by SIG" + name + " or with exit code " + (128 + number);
        ExitStatus ending = worker.end(expected);
        // What it says on stdout as it goes is judged for its form (F5).
        worker.hearOut(context.timeouts().end());
        if (ending.exitCode() != 128 + number) {
            throw worker.violation(expected, ending.toString());
        }
        worker.requireNothingLeft("L3");
    }

    private static void wholeLife(CheckContext context) throws RuleViolation, StartFailure {
        Map<String, String> noisy = Map.of("NCCL_DEBUG", "INFO", "NCCL_DEBUG_SUBSYS", "ALL");
        DedicatedWorker worker = context.start(Identity.SHARED.arguments(), noisy, false);
        worker.send(PING, "no json", "{\"op\":\"init\",\"comm_id\":\"beef\"}", "{\"op\":\"nccl_sanity_check\"}", PING);
        boolean heard = hear(context, worker, 5);
        worker.send(SHUTDOWN);
        worker.hearOut(heard ? context.timeouts().end() : context.timeouts().aftermath());
    }

    private static void otherEnds(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker toldByEof = context.start(Identity.SHARED);
        toldByEof.send(PING);
        hear(context, toldByEof, 1);
        toldByEof.closeStdin();
        toldByEof.hearOut(context.timeouts().end());
        if (WorkerProcess.isIgnored("TERM")) {
            context.leaveOut();
        } else {
            DedicatedWorker toldBySignal = context.start(Identity.SHARED);
            toldBySignal.send(PING);
            hear(context, toldBySignal, 1);
            toldBySignal.signal("TERM");
            toldBySignal.hearOut(context.timeouts().end());
        }
    }

    /** Listens to so many replies; only what is no frame counts here. False where they do not come. */
    private static boolean hear(CheckContext context, DedicatedWorker worker, int replies) {
        int heard = 0;
        Output output = worker.next(Deadline.in(context.timeouts().start()));
        while (output instanceof Reply && ++heard < replies) {
            output = worker.next(Deadline.in(context.timeouts().reply()));
        }
        return heard == replies;
    }

    static void endsWell(DedicatedWorker worker) throws RuleViolation {
        List<Reply> rest = worker.rest("no reply after end of input, then the end of stdout");
        if (!rest.isEmpty()) {
            throw worker.violation("no reply after end of input", DedicatedWorker.shown(rest));
        }
        requireZero(worker);
    }

    static void requireZero(DedicatedWorker worker) throws RuleViolation {
        String expected = "exit code 0 after end of input";
        ExitStatus ending = worker.end(expected);
        if (ending.exitCode() != 0) {
            throw worker.violationOf("L1", expected, ending.toString()).inGroup(null);
        }
        worker.requireNothingLeft("L1");
    }

    static boolean isNo(Reply reply, String op) {
        return reply.op().filter(op::equals).isEmpty();
    }
}
