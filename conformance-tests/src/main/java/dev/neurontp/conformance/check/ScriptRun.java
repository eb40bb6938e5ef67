package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.Printable;
import java.time.Duration;
import java.util.Arrays;

/** Runs one script in one session: sends its lines, judges the replies, and asks once more at the end. */
final class ScriptRun {

    /** Large frames get more time: a megabyte a second is slow even for a worker that reads byte by byte. */
    private static final int BYTES_A_MILLISECOND = 1000;
    /** So do many lines, of which those that are blank get no reply. */
    private static final long MILLISECONDS_A_LINE = 10;

    private static final Duration UNREAD = Duration.ofMillis(300);
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(60);

    private final Session session;
    private final String rule;
    private final Script script;
    private final Timeouts timeouts;
    private final Duration timeout;
    private final SyncProbe probe;
    private boolean answered;
    private Line lastError;
    private Answer before;

    ScriptRun(Session session, String rule, Script script, Timeouts timeouts) {
        this.session = session;
        this.rule = rule;
        this.script = script;
        this.timeouts = timeouts;
        this.timeout = timeouts.reply()
                .plusMillis(script.length() / BYTES_A_MILLISECOND)
                .plusMillis(script.lines().size() * MILLISECONDS_A_LINE);
        this.probe = new SyncProbe(session, script, rule, timeout, timeouts);
    }

    /** Runs the script; what other rules suffered is left with the session. */
    void run() throws RuleViolation {
        session.begin();
        try {
            if (script.isPipelined() && script.isAnswered()) {
                sendAll();
                new Conversation(session, rule, script, timeout, timeouts, probe).judge();
                return;
            }
            if (script.isPipelined()) {
                sendAll();
            }
            for (Line line : script.lines()) {
                if (!script.isPipelined()) {
                    session.worker().write(Script.terminated(line));
                }
                if (!line.expect().isSilence()) {
                    judge(line, replyTo(line));
                }
            }
        } catch (RuleViolation violation) {
            if (script.isLenient() && !answered) {
                session.distrust();
                return;
            }
            settleAfter(violation);
            throw violation;
        }
        if (!probe.wasSent()) {
            if (lastError != null && timeouts.isDeafAfterErrors()) {
                session.retire();
            } else if (script.isLenient()) {
                probe.settle();
            } else {
                probe.ask(lastError != null);
            }
        }
    }

    private void sendAll() {
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
    }

    private Reply replyTo(Line line) throws RuleViolation {
        Deadline deadline = Deadline.in(timeout);
        Deadline patience = deadline.atMost(timeout.dividedBy(4)).atMost(Duration.ofSeconds(1));
        Output output = session.await(patience, script::describe);
        if (output == null && !probe.wasSent()) {
            output = replyBeforeTheProbe(line, deadline);
        } else if (output == null) {
            output = session.await(deadline, script::describe);
        }
        return switch (output) {
            case Reply reply -> reply;
            case null -> throw silence(line);
            default ->
                throw violation(line, "no reply: " + session.ended()).ended().after(lastError);
        };
    }

    /** A line that seems to get no reply: is the request after it answered? Then there is no need to wait for long. */
    private Output replyBeforeTheProbe(Line line, Deadline deadline) throws RuleViolation {
        probe.sendAfter(line);
        Output output = session.await(deadline, script::describe);
        if (probe.isAnsweredBy(output) && !mayBeFor(line, (Reply) output)) {
            throw violation(line, "none, although the request after it was answered")
                    .silent();
        }
        if (output instanceof Reply reply) {
            probe.requireAnswer(reply.isError());
        }
        return output;
    }

    /** Whether a reply that looks like the one to the request after it may be a late reply to this line. */
    private boolean mayBeFor(Line line, Reply reply) {
        return !session.baseline().sanityIsDistinct() && line.expect().accepts(session.baseline(), reply);
    }

    private void judge(Line line, Reply reply) throws RuleViolation {
        answered = true;
        lastError = reply.isError() ? line : null;
        Answer answer = Answer.of(reply);
        boolean good = line.expect().isAsBefore()
                ? answer.equals(before)
                : line.expect().accepts(session.baseline(), reply);
        before = answer;
        probe.follow(answer);
        if (!good) {
            String broken = line.expect().rule().orElse(rule);
            throw violation(broken, line, reply.toString()).seen(reply);
        }
    }

    /** After a violation: is the session still one request, one reply? If not it is not used again. */
    private void settleAfter(RuleViolation violation) {
        if (probe.wasSent()
                || script.isPipelined()
                || !violation.rule().equals(rule)
                || session.worker().ending().isPresent()) {
            session.distrust();
        } else {
            probe.settle();
        }
    }

    private RuleViolation silence(Line line) {
        session.distrust();
        timeouts.waitedInVain();
        if (script.isLenient()) {
            return violation(line, "nothing").silent();
        }
        RuleViolation held = probe.heldBack(script.describe());
        return held != null
                ? held
                : violation(line, session.worker().nothingWithin(timeout))
                        .silent()
                        .after(lastError);
    }

    private RuleViolation violation(Line line, String got) {
        return violation(rule, line, got);
    }

    private RuleViolation violation(String broken, Line line, String got) {
        boolean one = script.lines().size() == 1;
        String sent =
                one ? script.describe() : script.describe() + "\nand the line judged: " + Printable.bytes(line.bytes());
        return new RuleViolation(broken, sent, line.expect().words(), got)
                .about(line)
                .example(script);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
