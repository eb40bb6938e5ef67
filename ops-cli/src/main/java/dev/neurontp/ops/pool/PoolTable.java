package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pools, one per row; what an operator looks for first stands last, where it may be long. Which daemon has a pool is
 * shown only where there are several: a terminal of 80 columns has no room for both.
 */
final class PoolTable {
    private PoolTable() {}

    /** With all columns where {@code wide}, else with those that fit into 80 columns. */
    static Table of(List<? extends ShownPool> pools, Terminal terminal, Instant now, boolean wide) {
        boolean several =
                wide || pools.stream().map(ShownPool::teller).distinct().count() > 1;
        List<String> headings = columns(
                several,
                wide,
                List.of("ID", "NAME", "STATE", "RANKS", "COMM", "AGE", "DAEMON", "LABELS", "PIDS", "NOTE"));
        Table table = new Table(headings.toArray(String[]::new)).wrapping();
        for (ShownPool found : pools) {
            PoolSummary pool = found.pool();
            table.row(columns(
                            several,
                            wide,
                            List.of(
                                    Cell.of(pool.id()),
                                    Cell.of(pool.name().orElse("-")),
                                    StateColours.cell(pool.state(), terminal),
                                    Cell.of(pool.worldSize()),
                                    Cell.of(pool.communicator()),
                                    Cell.of(
                                            pool.created() == null
                                                    ? "-"
                                                    : Durations.span(Duration.between(pool.created(), now))),
                                    Cell.of(found.teller()),
                                    Cell.of(labels(pool)),
                                    Cell.of(pids(pool)),
                                    Cell.of(note(pool))))
                    .toArray(Cell[]::new));
        }
        return table;
    }

    /** Without the labels and the pids where it is not wide, and without the daemon where there is only one. */
    private static <T> List<T> columns(boolean several, boolean wide, List<T> all) {
        List<T> columns = new ArrayList<>(all);
        if (!wide) {
            columns.subList(all.size() - 3, all.size() - 1).clear();
        }
        if (!several) {
            columns.remove(all.size() - 4);
        }
        return columns;
    }

    private static String labels(PoolSummary pool) {
        return pool.labels().isEmpty() ? "-" : HumanText.labels(pool.labels());
    }

    private static String pids(PoolSummary pool) {
        return pool.pids().stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String note(PoolSummary pool) {
        return pool.reason()
                .or(() -> pool.busy().map(busy -> "busy: " + OperationCall.progress(busy)))
                .orElse("");
    }
}
