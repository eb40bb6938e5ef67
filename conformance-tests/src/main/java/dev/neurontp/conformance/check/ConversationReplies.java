package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Output.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * The replies to lines that were sent without waiting, as far as they are needed to say what is wrong with them: they may be thousands,
 * and each large. Of those that fit, one by one, their number and the last two are kept; of those behind the first that does not, what
 * they look like. One thread.
 */
final class ConversationReplies {

    private static final int SHOWN_BEFORE = 2;
    private static final int SHOWN_FROM = 4;

    private final int asked;
    private final IntFunction<Predicate<Reply>> expectations;
    private final Predicate<Reply> answersProbe;
    private final Deque<Reply> before = new ArrayDeque<>();
    private final List<Later> later = new ArrayList<>();
    private int fitting;
    private Reply misfit;
    private Reply last;

    /** One from the misfit on. */
    private record Later(String shown, boolean fitsMisfit, boolean answersProbe) {}

    /**
     * No replies yet.
     *
     * @param asked how many lines get a reply
     * @param expectations whether a reply fits to the line of this index
     */
    ConversationReplies(int asked, IntFunction<Predicate<Reply>> expectations, Predicate<Reply> answersProbe) {
        this.asked = asked;
        this.expectations = expectations;
        this.answersProbe = answersProbe;
    }

    void add(Reply reply) {
        last = reply;
        boolean fits = fitting < asked && expectations.apply(fitting).test(reply);
        if (misfit == null && fits) {
            fitting++;
            before.addLast(reply);
            if (before.size() > SHOWN_BEFORE) {
                before.removeFirst();
            }
            return;
        }
        misfit = misfit == null ? reply : misfit;
        String shown = later.size() < SHOWN_FROM ? reply.toString() : "";
        later.add(new Later(shown, fits, answersProbe.test(reply)));
    }

    int size() {
        return fitting + later.size();
    }

    /** How many fit to their lines, one by one. */
    int fitting() {
        return fitting;
    }

    /** The first that does not. */
    Reply misfit() {
        return misfit;
    }

    boolean isLastAnError() {
        return last != null && last.isError();
    }

    boolean isLastToTheProbe() {
        return last != null && answersProbe.test(last);
    }

    /** Whether one that does not fit is the one to the probe: it may have come too early. */
    boolean hasOneToTheProbe() {
        return later.stream().anyMatch(Later::answersProbe);
    }

    /** Whether the misfit and the reply to that other line have changed places. */
    boolean areSwapped(int other) {
        return later.get(other - fitting).fitsMisfit()
                && expectations.apply(other).test(misfit);
    }

    /** Whether the misfit and the reply to the probe have. */
    boolean isSwappedWithTheProbe() {
        return later.getLast().fitsMisfit() && later.getFirst().answersProbe();
    }

    /** Those around the misfit, a line each. */
    String shown() {
        StringBuilder shown = new StringBuilder();
        int number = fitting - before.size();
        for (Reply reply : before) {
            shown.append("\nreply ").append(++number).append("  ").append(reply);
        }
        for (Later one : later.subList(0, Math.min(later.size(), SHOWN_FROM))) {
            shown.append("\nreply ").append(++number).append("  ").append(one.shown());
        }
        return shown.toString();
    }
}
