package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Ranks, one per row; with a column for their hosts, before that of their pids, where not all of them are on the daemon's. */
final class RankTable {
    private static final String PID = "PID";

    private final Table table;
    private final int at;
    private final boolean elsewhere;

    /**
     * No row yet.
     *
     * @param hosts those of all ranks that will stand in it; empty for the daemon's
     * @param headings of all columns but that of the hosts
     */
    RankTable(Collection<Optional<String>> hosts, String... headings) {
        List<String> all = new ArrayList<>(List.of(headings));
        at = all.indexOf(PID);
        elsewhere = hosts.stream().anyMatch(Optional::isPresent);
        if (elsewhere) {
            all.add(at, "HOST");
        }
        table = new Table(all.toArray(String[]::new));
    }

    /** Adds a rank: its host, and a cell for each of the other columns. */
    void row(Optional<String> host, Cell... cells) {
        List<Cell> all = new ArrayList<>(List.of(cells));
        if (elsewhere) {
            all.add(at, Cell.of(host.orElse("-")));
        }
        table.row(all.toArray(Cell[]::new));
    }

    /** A pid, or that none is known. */
    static Cell pid(long pid) {
        return pid == 0 ? Cell.of("-") : Cell.of(pid);
    }

    Table table() {
        return table;
    }
}
