package dev.neurontp.worker.comm.loopback;

import dev.neurontp.rpc.U32;
import dev.neurontp.rpc.WireText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A fault that a test injects on one rank, for example {@code rank=2,at=init,do=hang}. Off by default.
 *
 * @param rank the rank that has it; others ignore it
 */
record Fault(long rank, Point at, Action action) {
    static final Fault NONE = new Fault(-1, Point.INIT, Action.NOTHING);
    /** The exit code of DIE. */
    static final int EXIT_CODE = 99;

    private static final int PARTS = 3;

    /** Where it happens. */
    enum Point {
        /** After the rank has registered at the rendezvous, before it is linked to the group. */
        INIT,
        /** Before the rank adds its value. */
        ALL_REDUCE,
        /** In every run of a collective that is checked. */
        COLLECTIVE
    }

    /** What happens there. */
    enum Action {
        NOTHING,
        /** Blocks until an abort. */
        HANG,
        /** Blocks, and an abort blocks too. */
        STUCK,
        /** Ends the process with {@link #EXIT_CODE}, without telling the peers. */
        DIE,
        /** One bit of what the rank receives is another; for {@link Point#COLLECTIVE}, as the next ones. */
        CORRUPT,
        /** The last element that the rank receives is not written. */
        SHORT,
        /** The first two blocks that the rank receives change places. */
        SWAP,
        /** The rank's contribution is left out. */
        SKIP;

        /** Whether it changes data and nothing else. */
        boolean changesData() {
            return switch (this) {
                case CORRUPT, SHORT, SWAP, SKIP -> true;
                case NOTHING, HANG, STUCK, DIE -> false;
            };
        }
    }

    /** Reads the setting; nothing when it is empty. */
    static Fault parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        List<String> parts = Arrays.asList(text.split(",", -1));
        if (parts.size() != PARTS) {
            throw wrong(text);
        }
        try {
            Fault fault = new Fault(
                    U32.parse("rank", value(text, parts.get(0), "rank=")),
                    Point.valueOf(constant(value(text, parts.get(1), "at="))),
                    Action.valueOf(constant(value(text, parts.get(2), "do="))));
            if (fault.action.changesData() && fault.at != Point.COLLECTIVE) {
                throw wrong(text);
            }
            return fault;
        } catch (IllegalArgumentException _) {
            throw wrong(text);
        }
    }

    /** What this rank must do at this point. */
    Action actionFor(long atRank, Point point) {
        return rank == atRank && at == point ? action : Action.NOTHING;
    }

    private static String value(String text, String part, String key) {
        if (!part.startsWith(key)) {
            throw wrong(text);
        }
        return part.substring(key.length());
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(LoopbackSettings.FAULT + " is '" + WireText.quotable(text)
                + "': it must be rank=R,at=init|all-reduce|collective,do=hang|stuck|die, and at=collective also"
                + " do=corrupt|short|swap|skip");
    }
}
