package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RuleViolation.Desync;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.Printable;
import java.time.Duration;
import java.util.List;

/**
 * Finds the line after which replies and requests no longer match: sends the same lines to a fresh process one at a time, a plain
 * request after each. One thread.
 */
final class DesyncLocator {

    /** For all lines together: a conversation that was made small by shrinking needs far less. */
    private static final Duration MOST = Duration.ofSeconds(5);

    private static final int MOST_REPLIES = 10;
    private static final Duration QUIET = Duration.ofMillis(20);
    private static final Duration LATE = Duration.ofMillis(500);

    private final Session session;
    private final Script script;

    DesyncLocator(Session session, Script script) {
        this.session = session;
        this.script = script;
    }

    /** The same violation, with the line that is to blame where one line alone is answered wrongly. */
    RuleViolation locate(RuleViolation found) {
        List<Line> lines = script.lines();
        Deadline deadline = Deadline.in(MOST);
        int tried = 0;
        for (; tried < lines.size() && !deadline.isOver(); tried++) {
            Line line = lines.get(tried);
            int wanted = line.expect().isSilence() ? 0 : 1;
            int replies = repliesTo(line);
            if (replies != wanted) {
                return at(tried + 1, line, replies, found);
            }
        }
        String hint = tried < lines.size()
                ? "each of the first " + Count.of(tried, "line") + " alone gets one reply"
                : "each line alone, with a plain request after it, is answered as it should be; sent without waiting they are not";
        return new RuleViolation(
                        found.rule(),
                        found.sent(),
                        found.expected(),
                        found.got() + "\nlikely cause  " + found.desync().words() + ": " + hint)
                .example(script)
                .outOfStep(found.desync(), found.lineNumber());
    }

    private RuleViolation at(int number, Line line, int replies, RuleViolation found) {
        boolean blank = line.expect().isSilence();
        Desync how = blank || replies > 1 ? Desync.TOO_MANY : Desync.TOO_FEW;
        String head = how == Desync.TOO_FEW
                ? "1 reply too few from line " + number + " on"
                : Count.of(replies - (blank ? 0 : 1), "reply", "replies") + " too many from line " + number + " on";
        String alone = "line " + number + " alone, with a plain request after it, gets "
                + Count.of(replies, "reply", "replies") + ": " + Printable.line(line.bytes());
        String seen = found.got().lines().skip(1).reduce("", (all, reply) -> all + "\n" + reply);
        return new RuleViolation(
                        blank ? "F3" : found.rule(),
                        script.around(number),
                        blank ? "no reply to a blank line" : found.expected(),
                        head + seen + "\nlikely cause  " + how.words() + ": " + alone)
                .about(line)
                .example(script)
                .outOfStep(how, number);
    }

    /** How many replies come before that to the request after it; as many as there should be where the worker is lost with it. */
    private int repliesTo(Line line) {
        int wanted = line.expect().isSilence() ? 0 : 1;
        session.worker().write(Script.terminated(line));
        boolean ping = line.expect().looksLikeSanity() || !session.baseline().sanityIsDistinct();
        session.worker().write(ping ? Session.PING : Session.SANITY);
        int replies = 0;
        boolean over = false;
        while (replies <= MOST_REPLIES) {
            boolean complete = over && replies > wanted;
            Output output = session.await(Deadline.in(complete ? QUIET : LATE), script::describe);
            if (!(output instanceof Reply reply)) {
                break;
            }
            replies++;
            over |= ping ? session.baseline().isPong(reply) : session.baseline().isSanity(reply);
        }
        return over ? replies - 1 : wanted;
    }
}
