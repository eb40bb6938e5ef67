package dev.neurontp.ops.doctor.check;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.text.ForeignText;
import java.util.Collection;

/**
 * What one check found.
 *
 * @param seen the value that was seen; for a skipped check why nobody could look
 * @param wanted the value that is wanted; empty where nothing is wrong
 * @param remedy what to do, a command where there is one; empty where nothing is wrong
 */
public record Finding(Level level, String seen, String wanted, String remedy) {
    private static final int LONGEST = 1200;
    private static final int MOST_ITEMS = 16;

    public Finding {
        requireNonNull(level, "level is null");
        seen = ForeignText.of(seen, LONGEST);
        wanted = ForeignText.of(wanted, LONGEST);
        remedy = ForeignText.of(remedy, LONGEST);
    }

    public static Finding ok(String seen) {
        return new Finding(Level.OK, seen, "", "");
    }

    public static Finding warn(String seen, String wanted, String remedy) {
        return new Finding(Level.WARN, seen, wanted, remedy);
    }

    public static Finding fail(String seen, String wanted, String remedy) {
        return new Finding(Level.FAIL, seen, wanted, remedy);
    }

    public static Finding skipped(String reason) {
        return new Finding(Level.SKIPPED, reason, "", "");
    }

    public static Finding hung(String seen, String wanted, String remedy) {
        return new Finding(Level.HUNG, seen, wanted, remedy);
    }

    /** Several things of one kind in one line; beyond 16 their number. */
    static String join(Collection<String> items) {
        String first = String.join("; ", items.stream().limit(MOST_ITEMS).toList());
        return items.size() <= MOST_ITEMS ? first : first + "; and " + (items.size() - MOST_ITEMS) + " more";
    }
}
