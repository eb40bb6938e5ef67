package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.Show;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Runs one script in one session. After the script a request is sent whose answer is known and differs from the
 * last one that is expected: so a reply too many or too few is noticed in the script that caused it.
 */
final class ScriptRun {

    /** Large frames get more time: a megabyte a second is slow even for a worker that reads byte by byte. */
    private static final int BYTES_A_MILLISECOND = 1000;

    private static final Duration UNREAD = Duration.ofMillis(300);
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(60);

    private final Session session;
    private final String rule;
    private final Script script;
    private final Duration timeout;
    private final boolean closesWithPing;
    private final boolean lenient;
    private boolean closed;
    private boolean answered;
    private boolean lastWasError;

    ScriptRun(Session session, String rule, Script script, Duration timeout) {
        this.session = session;
        this.rule = rule;
        this.script = script;
        this.timeout = timeout.plusMillis(script.length() / BYTES_A_MILLISECOND);
        List<Line> lines = script.lines();
        this.lenient = script.lines().stream().anyMatch(line -> line.expect().isLenient());
        this.closesWithPing = !session.baseline().sanityIsDistinct()
                || (!lines.isEmpty() && lines.getLast().expect().looksLikeSanity());
    }

    /** Runs the script; what other rules suffered is left with the session. */
    void run() throws Breach {
        session.begin();
        try {
            if (script.isPipelined()) {
                pipelined();
            } else {
                lockstep();
            }
        } catch (Breach breach) {
            if (lenient && !answered) {
                session.distrust();
                return;
            }
            settleAfter(breach);
            throw breach;
        }
        if (!closed) {
            if (lenient) {
                settle();
            } else {
                close();
            }
        }
    }

    private void lockstep() throws Breach {
        for (Line line : script.lines()) {
            session.worker().write(Script.terminated(line));
            if (!line.expect().isSilence()) {
                judge(line, replyTo(line));
            }
        }
    }

    private void pipelined() throws Breach {
        byte[] all = script.allBytes();
        int piece = Math.min(script.pieceLength(), all.length);
        switch (script.slow()) {
            case NOBODY -> session.worker().writeInPieces(all, piece);
            case READER -> {
                session.worker().pauseReading();
                session.worker().writeInPieces(all, piece);
                pause(UNREAD);
                session.worker().resumeReading();
            }
            case WRITER -> {
                for (int from = 0; from < all.length; from += piece) {
                    session.worker().write(Arrays.copyOfRange(all, from, Math.min(all.length, from + piece)));
                    pause(BETWEEN_WRITES);
                }
            }
        }
        for (Line line : script.lines()) {
            if (!line.expect().isSilence()) {
                judge(line, replyTo(line));
            }
        }
    }

    private Reply replyTo(Line line) throws Breach {
        Deadline deadline = Deadline.in(timeout);
        Deadline patience = deadline.atMost(timeout.dividedBy(4)).atMost(Duration.ofSeconds(1));
        Output output = session.await(patience, script.describe());
        if (output == null && !closed && !script.isPipelined()) {
            sendClosing();
            closed = true;
            output = session.await(deadline, script.describe());
            if (output instanceof Reply reply && isClosing(reply) && !mayBeFor(line, reply)) {
                throw breach(line, "none, although the request after it was answered");
            }
            if (output instanceof Reply) {
                closed = false;
                awaitClosing();
            }
        } else if (output == null) {
            output = session.await(deadline, script.describe());
        }
        return switch (output) {
            case Reply reply -> reply;
            case null -> throw silence(line);
            default -> throw breach(line, "no reply: " + ended());
        };
    }

    /** Whether a reply that looks like the closing one may be a late reply to this line. */
    private boolean mayBeFor(Line line, Reply reply) {
        return !session.baseline().sanityIsDistinct() && line.expect().accepts(session.baseline(), reply);
    }

    private void judge(Line line, Reply reply) throws Breach {
        answered = true;
        lastWasError = reply.isError();
        if (!line.expect().accepts(session.baseline(), reply)) {
            throw breach(line, reply.toString());
        }
    }

    /** Sends the closing request and awaits its answer; what is wrong then is no fault of the script's rule. */
    private void close() throws Breach {
        sendClosing();
        closed = true;
        awaitClosing();
    }

    private void sendClosing() {
        session.worker().write(closesWithPing ? Session.PING : Session.SANITY);
    }

    private void awaitClosing() throws Breach {
        Output output = session.await(Deadline.in(timeout), script.describe());
        if (output instanceof Reply reply && isClosing(reply)) {
            return;
        }
        session.distrust();
        String sent = script.describe() + "\nthen " + closing();
        if (script.lines().stream().allMatch(line -> line.expect().isSilence())) {
            throw new Breach(
                    rule,
                    sent,
                    "no reply to the first, and the second answered as ever",
                    output instanceof Reply reply ? reply.toString() : output == null ? "nothing" : ended());
        }
        String serving = lastWasError ? "O8" : "F4";
        if (output instanceof Reply reply) {
            session.worker().write(closesWithPing ? Session.PING : Session.SANITY);
            Output next = session.await(Deadline.in(timeout), script.describe());
            Output afterNext = next == null ? null : session.await(Deadline.in(Duration.ofSeconds(1)), sent);
            if (next instanceof Reply good && isClosing(good) && afterNext instanceof Reply) {
                session.breachBeside(new Breach("F4", script.describe(), "one reply a line", "one more: " + reply));
                return;
            }
            session.breachBeside(
                    new Breach(serving, sent, "the next request to be answered as ever", reply.toString()));
        } else if (output == null) {
            Breach held = heldBack(sent);
            session.breachBeside(
                    held != null
                            ? held
                            : new Breach(
                                    serving,
                                    sent,
                                    "the next request to be answered",
                                    "nothing within " + timeout.toMillis() + " ms"));
        } else {
            session.breachBeside(new Breach(serving, sent, "a worker that serves on", ended()));
        }
    }

    private boolean isClosing(Reply reply) {
        return closesWithPing
                ? session.baseline().isPong(reply)
                : session.baseline().isSanity(reply);
    }

    private String closing() {
        return closesWithPing ? "{\"op\":\"ping\"}" : "{\"op\":\"nccl_sanity_check\"}";
    }

    /** After a breach: is the session still one request, one reply? If not it is not used again. */
    private void settleAfter(Breach breach) {
        if (closed
                || script.isPipelined()
                || !breach.rule().equals(rule)
                || session.worker().ending().isPresent()) {
            session.distrust();
            return;
        }
        settle();
    }

    private void settle() {
        sendClosing();
        Output output = session.await(Deadline.in(timeout), script.describe());
        if (!(output instanceof Reply reply) || !isClosing(reply)) {
            session.distrust();
        }
    }

    private Breach silence(Line line) {
        session.distrust();
        if (lenient) {
            return breach(line, "nothing");
        }
        Breach held = heldBack(script.describe());
        return held != null ? held : breach(line, "nothing within " + timeout.toMillis() + " ms");
    }

    /** A worker that answers only once stdin is closed did answer, and did not flush. */
    private Breach heldBack(String sent) {
        session.worker().closeStdin();
        Output late = session.await(Deadline.in(Duration.ofSeconds(1)), sent);
        return late instanceof Reply reply && reply.op().filter("bye"::equals).isEmpty()
                ? new Breach("F7", sent, "each reply at once", "replies only after stdin was closed: " + reply)
                : null;
    }

    private Breach breach(Line line, String got) {
        boolean one = script.lines().size() == 1;
        String sent =
                one ? script.describe() : script.describe() + "\nand the line judged: " + Show.bytes(line.bytes());
        return new Breach(rule, sent, line.expect().words(), got);
    }

    private String ended() {
        return session.worker()
                .ending(Deadline.in(Duration.ofSeconds(1)))
                .map(ending -> "the worker ended: " + ending)
                .orElse("it closed stdout and runs on");
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
