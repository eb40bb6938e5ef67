package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;

/** The states of pools, ranks and operations in colour; the word itself always says it too. A rank and an operation share a pool's words. */
final class StateColours {
    private StateColours() {}

    static Cell cell(String state, Terminal terminal) {
        return PoolView.State.of(state)
                .map(known -> switch (known) {
                    case READY, JOINED -> new Cell(state, terminal::green);
                    case FAILED, LOST -> new Cell(state, terminal::red);
                    case GONE -> new Cell(state, terminal::faint);
                    case STARTING, JOINING, STOPPING -> Cell.of(state);
                })
                .orElseGet(() -> Cell.of(state));
    }
}
