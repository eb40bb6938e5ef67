package dev.neurontp.ops.pool;

import dev.neurontp.ops.Terminal;
import dev.neurontp.ops.text.Table.Cell;

/** The states of pools and ranks in colour. The word itself always says it too. */
final class States {
    private States() {}

    static Cell cell(String state, Terminal terminal) {
        return switch (state) {
            case "ready", "joined" -> new Cell(state, terminal::green);
            case "failed", "poisoned" -> new Cell(state, terminal::red);
            case "gone" -> new Cell(state, terminal::faint);
            default -> Cell.of(state);
        };
    }
}
