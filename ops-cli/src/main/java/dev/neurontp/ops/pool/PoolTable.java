package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Pools, one per row; what an operator looks for first stands last, where it may be long. Which daemon has a pool is
 * shown only where there are several: a terminal of 80 columns has no room for both.
 */
final class PoolTable {
    private PoolTable() {}

    static Table of(List<PoolRef> pools, Terminal terminal, Instant now) {
        boolean several = pools.stream().map(PoolRef::daemon).distinct().count() > 1;
        Table table = new Table(columns(several, List.of("ID", "STATE", "RANKS", "COMM", "AGE", "DAEMON", "NOTE"))
                        .toArray(String[]::new))
                .wrapping();
        for (PoolRef found : pools) {
            PoolSummary pool = found.pool();
            table.row(columns(
                            several,
                            List.of(
                                    Cell.of(pool.id()),
                                    StateColours.cell(pool.state(), terminal),
                                    Cell.of(pool.worldSize()),
                                    Cell.of(pool.communicator()),
                                    Cell.of(
                                            pool.created() == null
                                                    ? "-"
                                                    : Durations.span(Duration.between(pool.created(), now))),
                                    Cell.of(found.daemon().url().getAuthority()),
                                    Cell.of(note(pool))))
                    .toArray(Cell[]::new));
        }
        return table;
    }

    /** Without the one before the last, that of the daemon, where there is only one. */
    private static <T> List<T> columns(boolean several, List<T> all) {
        List<T> columns = new ArrayList<>(all);
        if (!several) {
            columns.remove(all.size() - 2);
        }
        return columns;
    }

    private static String note(PoolSummary pool) {
        return pool.reason()
                .or(() -> pool.busy().map(busy -> "busy: " + OperationCall.progress(busy)))
                .orElse("");
    }
}
