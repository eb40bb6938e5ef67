package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** F3, F4, F6, F10, L1: requests with the end of the input right behind them, and what stands behind the last LF. */
final class LastLineChecks {

    private static final String PING = "{\"op\":\"ping\"}";
    private static final String SHUTDOWN = "{\"op\":\"shutdown\"}";
    private static final String INIT = "{\"op\":\"init\",\"comm_id\":\"beef\"}";
    private static final String NO_JSON = "no json";

    /** The first two bytes of a character of three. */
    private static final byte[] CUT = {(byte) 0xe2, (byte) 0x82};

    /** Of pings. */
    private static final int MANY = 6000;
    /** A second for each megabyte of the longest line. */
    private static final Duration SLOWER = Duration.ofSeconds(16);
    /** What a worker may hand to a thread of its own. */
    private static final String LONG_PING = "{\"op\":\"ping\",\"pad\":\"" + "a".repeat(2 << 20) + "\"}";

    private LastLineChecks() {}

    static List<Check> all(Contract contract) {
        return List.of(
                new Check.Own(
                        "F3.last-line",
                        "a blank first line, and white space behind the last LF",
                        LastLineChecks::blank),
                new Check.Own(
                        "F4.then-the-end", "many requests and the end of input at once", LastLineChecks::thenTheEnd),
                new Check.Own("F4.then-shutdown", "many requests and shutdown at once", LastLineChecks::thenShutdown),
                new Check.Own(
                        "F4.long-then-the-end",
                        "a ping of 2 MB and the end of input, or shutdown, at once",
                        LastLineChecks::longThenTheEnd),
                new Check.Own("F6.last-line", "a last line without LF", LastLineChecks::ping),
                new Check.Own("F6.any-last-line", "a last line without LF, of another kind", context -> {
                    longest(context, contract.maxFrameBytes());
                    otherKinds(context);
                }),
                new Check.Own("L1.in-a-line", "end of input in the middle of a line", LastLineChecks::endInALine),
                new Check.Own(
                        "F6.last-shutdown", "shutdown without LF, and the end of input", LastLineChecks::shutdown),
                new Check.Own("F10.last-line", "a last line that ends in half a character", LastLineChecks::cut));
    }

    /** They are in the pipe when its end is, and their replies are more than a pipe takes from one that nobody reads. */
    private static void thenTheEnd(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        sendMany(worker, INIT, RankGroup.SANITY);
        worker.closeStdin();
        readMany(worker);
        worker.reply("a reply to the init, the last but one", reply -> LifeChecks.isNo(reply, "bye"));
        worker.reply("a reply to the last of them, a sanity check", reply -> LifeChecks.isNo(reply, "bye"));
    }

    private static void longThenTheEnd(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker ends = context.start(Identity.SHARED);
        DedicatedWorker shutDown = context.start(Identity.SHARED);
        for (DedicatedWorker worker : List.of(ends, shutDown)) {
            worker.send(PING);
            worker.reply("a reply to the ping", reply -> true);
        }
        ends.send(LONG_PING);
        ends.closeStdin();
        shutDown.send(LONG_PING, SHUTDOWN);
        ends.reply("a reply to a ping of 2 MB with the end of input behind it", reply -> LifeChecks.isNo(reply, "bye"));
        shutDown.reply("a reply to a ping of 2 MB before bye", reply -> LifeChecks.isNo(reply, "bye"));
        shutDown.reply("bye", reply -> !LifeChecks.isNo(reply, "bye"));
    }

    private static void thenShutdown(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        sendMany(worker, INIT, RankGroup.SANITY, SHUTDOWN);
        readMany(worker);
        worker.reply("a reply to the init before shutdown", reply -> LifeChecks.isNo(reply, "bye"));
        worker.reply("a reply to the sanity check before shutdown", reply -> LifeChecks.isNo(reply, "bye"));
        LifeChecks.endsAfterBye(context, worker);
    }

    /** More requests than a pipe takes replies to, and these behind them; nobody reads from now on. */
    static void sendMany(DedicatedWorker worker, String... last) throws RuleViolation {
        worker.send(PING);
        worker.reply("a reply to the ping", reply -> true);
        worker.worker().pauseReading();
        List<String> requests = new ArrayList<>(Collections.nCopies(MANY, PING));
        requests.addAll(List.of(last));
        worker.send(requests.toArray(String[]::new));
    }

    /** Reads again, from a worker that has done what it could: all but the last replies. */
    static void readMany(DedicatedWorker worker) throws RuleViolation {
        worker.settle();
        worker.worker().resumeReading();
        for (int reply = 1; reply <= MANY; reply++) {
            worker.reply("reply " + reply + " of " + MANY, any -> LifeChecks.isNo(any, "bye"));
        }
    }

    private static void ping(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = withLastLine(context, PING);
        worker.reply("a reply to the last line", reply -> LifeChecks.isNo(reply, "bye"));
    }

    /** That such a line is taken at all is the matter of F8. */
    private static void longest(CheckContext context, int length) throws RuleViolation, StartFailure {
        String head = "{\"op\":\"ping\",\"pad\":\"";
        String tail = "\"}\r";
        byte[] line = (head + "a".repeat(length - head.length() - tail.length()) + tail + "\n")
                .getBytes(StandardCharsets.UTF_8);
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.sendBytes(line);
        Output taken = worker.next(Deadline.in(context.timeouts().start().plus(SLOWER)));
        if (!(taken instanceof Reply reply) || reply.isError()) {
            return;
        }
        worker.sendBytes(Arrays.copyOf(line, length));
        worker.closeStdin();
        worker.reply(
                "a reply to the last line, of " + length + " bytes, which ends in CR",
                any -> LifeChecks.isNo(any, "bye"),
                SLOWER);
        endsWithZero(worker);
    }

    private static void otherKinds(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker init = withLastLine(context, PING + "\n " + INIT);
        init.reply("a reply to the line before the last", reply -> LifeChecks.isNo(reply, "bye"));
        init.reply("an error as the reply to init, the last line, behind a blank", Reply::isError);
        error(context);
    }

    /** Where an error ends it, that is reported, and the exit code is no matter of L1. */
    private static void error(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.send(NO_JSON);
        worker.reply("a reply to the line", reply -> true);
        if (LifeChecks.servesOn(context, worker)) {
            worker.sendBytes(NO_JSON.getBytes(StandardCharsets.UTF_8));
            worker.closeStdin();
            worker.reply("an error as the reply to the last line", Reply::isError);
            endsWithZero(worker);
        }
    }

    private static void blank(CheckContext context) throws RuleViolation, StartFailure {
        String expected = "no reply to white space";
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.send("", PING);
        worker.reply("a reply to the ping behind a blank first line", reply -> LifeChecks.isNo(reply, "bye"));
        requireSilence(worker, " \t", expected);
        // CR is white space too, as all of a line.
        requireSilence(context.start(Identity.SHARED), "\r", expected);
    }

    private static void requireSilence(DedicatedWorker worker, String blank, String expected) throws RuleViolation {
        worker.sendBytes(blank.getBytes(StandardCharsets.UTF_8));
        worker.closeStdin();
        List<Reply> replies = worker.rest(expected);
        if (!replies.isEmpty()) {
            throw worker.violation(expected, DedicatedWorker.shown(replies));
        }
        LifeChecks.requireZero(worker);
    }

    /** That it is answered is the matter of F6. */
    private static void endInALine(CheckContext context) throws RuleViolation, StartFailure {
        endsWithZero(withLastLine(context, PING));
    }

    private static void shutdown(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = withLastLine(context, SHUTDOWN);
        worker.reply("bye as the reply to the last line", reply -> !LifeChecks.isNo(reply, "bye"));
        endsWithZero(worker);
    }

    private static void cut(CheckContext context) throws RuleViolation, StartFailure {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(PING.getBytes(StandardCharsets.UTF_8));
        line.writeBytes(CUT);
        String expected = "no success, since the last line is not UTF-8";
        DedicatedWorker worker = withLastLine(context, line.toByteArray());
        Optional<Reply> success =
                worker.rest(expected).stream().filter(reply -> !reply.isError()).findFirst();
        if (success.isPresent()) {
            throw worker.violation(expected, success.get().toString());
        }
    }

    private static void endsWithZero(DedicatedWorker worker) throws RuleViolation {
        worker.rest("the end of stdout after the end of input");
        LifeChecks.requireZero(worker);
    }

    private static DedicatedWorker withLastLine(CheckContext context, String line) throws StartFailure {
        return withLastLine(context, line.getBytes(StandardCharsets.UTF_8));
    }

    private static DedicatedWorker withLastLine(CheckContext context, byte[] line) throws StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.sendBytes(line);
        worker.closeStdin();
        return worker;
    }
}
