package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Pools, one per row; what an operator looks for first stands last, where it may be long. */
final class PoolTable {
    private PoolTable() {}

    static Table of(List<PoolRef> pools, Terminal terminal, Instant now) {
        Table table = new Table("ID", "STATE", "RANKS", "COMM", "AGE", "DAEMON", "NOTE");
        for (PoolRef found : pools) {
            PoolSummary pool = found.pool();
            table.row(
                    Cell.of(pool.id()),
                    StateColours.cell(pool.state(), terminal),
                    Cell.of(pool.worldSize()),
                    Cell.of(pool.communicator()),
                    Cell.of(pool.created() == null ? "-" : Durations.span(Duration.between(pool.created(), now))),
                    Cell.of(found.daemon().url().getAuthority()),
                    Cell.of(note(pool)));
        }
        return table;
    }

    private static String note(PoolSummary pool) {
        return pool.reason()
                .or(() -> pool.busy().map(busy -> "busy: " + OperationCall.progress(busy)))
                .orElse("");
    }
}
