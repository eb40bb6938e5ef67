package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;

/** The states of pools and ranks in colour. The word itself always says it too. */
final class StateColours {
    private StateColours() {}

    static Cell cell(String state, Terminal terminal) {
        return switch (state) {
            case "ready", "joined" -> new Cell(state, terminal::green);
            case "failed" -> new Cell(state, terminal::red);
            case "gone" -> new Cell(state, terminal::faint);
            default -> Cell.of(state);
        };
    }
}
