package dev.neurontp.harness.process;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What may still be on this host of something that was ended. Any thread.
 *
 * @param known processes of it that were not seen to end
 * @param others finds what else there may be, where that was not seen; empty where it was
 */
public record Remains(List<ProcessIdentity> known, Optional<Function<ProcessTable, List<ProcStat>>> others) {
    /** Nothing, as far as can be known. */
    public static final Remains NONE = new Remains(List.of(), Optional.empty());

    public Remains {
        known = List.copyOf(known);
    }

    /** Those, and nothing else. */
    public static Remains of(List<ProcessIdentity> known) {
        return new Remains(known, Optional.empty());
    }

    /** Whether there never was anything. */
    public boolean none() {
        return known.isEmpty() && others.isEmpty();
    }

    /**
     * Whether all of it has ended, so far as it can be seen.
     *
     * @param look a look at this host, taken only where the known processes do not decide it
     */
    public boolean gone(Supplier<ProcessTable> look) {
        return known.stream().allMatch(ProcessIdentity::gone)
                && others.map(find -> noneIn(look.get(), find)).orElse(true);
    }

    private static boolean noneIn(ProcessTable table, Function<ProcessTable, List<ProcStat>> find) {
        return find.apply(table).isEmpty()
                && table.unseen().isEmpty()
                && table.becoming().isEmpty();
    }
}
