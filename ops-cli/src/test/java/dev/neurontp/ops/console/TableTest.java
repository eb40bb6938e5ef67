package dev.neurontp.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.ops.console.Table.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final int WIDE = 200;
    private static final int NARROWEST_CARD = 24;

    @Test
    void columnsStandUnderTheirHeadings() {
        assertThat(table().lines(WIDE))
                .containsExactly(
                        "ID        STATE   NOTE",
                        "k3vd7q2m  ready",
                        "abcdefgh  failed  rank 1 was killed while it was pinged");
    }

    @Test
    void theLastColumnIsCutWhereTheScreenEnds() {
        List<String> lines = table().lines(36);
        assertThat(lines).allMatch(line -> line.length() <= 36);
        assertThat(lines.getLast()).isEqualTo("abcdefgh  failed  rank 1 was killed…");
    }

    @Test
    void spareColumnsGoBeforeAnythingIsCut() {
        Table table = new Table("ID", "PID", "STATE", "AGE");
        table.row(Cell.of("k3vd7q2m"), Cell.of("4711"), Cell.of("ready"), Cell.of("3 min"));
        table.spare("AGE", "PID");
        assertThat(table.lines(28)).containsExactly("ID        PID   STATE  AGE", "k3vd7q2m  4711  ready  3 min");
        assertThat(table.lines(27)).containsExactly("ID        PID   STATE", "k3vd7q2m  4711  ready");
        assertThat(table.lines(20)).containsExactly("ID        STATE", "k3vd7q2m  ready");
        assertThat(table.lines(14))
                .as("a card has all of them")
                .containsExactly("ID      k3vd7q2m", "  PID   4711", "  STATE ready", "  AGE   3 min");
    }

    @Test
    void nothingOfAColumnThatWrapsIsCut() {
        assertThat(table().wrapping().lines(36))
                .containsExactly(
                        "ID        STATE   NOTE",
                        "k3vd7q2m  ready",
                        "abcdefgh  failed  rank 1 was killed",
                        "                  while it was",
                        "                  pinged");
    }

    @Test
    void onANarrowScreenEachRowBecomesACard() {
        assertThat(table().lines(24))
                .containsExactly(
                        "ID      k3vd7q2m",
                        "  STATE ready",
                        "  NOTE",
                        "ID      abcdefgh",
                        "  STATE failed",
                        "  NOTE  rank 1 was",
                        "        killed while it",
                        "        was pinged");
    }

    @Test
    void everyWidthOfAScreenShowsEveryRow() {
        for (int width = 0; width <= 500; width++) {
            List<String> lines = table().lines(width);
            assertThat(String.join("\n", lines)).as("width %s", width).contains("k3vd7q2m", "abcdefgh", "rank 1 was");
            // A screen that is narrower than a card breaks its lines itself.
            int widest = Math.max(width, NARROWEST_CARD);
            assertThat(lines).as("width %s", width).allMatch(line -> line.length() <= widest);
        }
    }

    @Test
    void aWordLongerThanTheScreenIsBroken() {
        assertThat(Table.wrap("abcdefghij k", 4)).containsExactly("abcd", "efgh", "ij k");
        assertThat(Table.wrap("", 4)).containsExactly("");
    }

    @Test
    void coloursDoNotCountAsWidth() {
        Table table = new Table("STATE", "NOTE");
        table.row(new Cell("ready", text -> "\u001b[32m" + text + "\u001b[0m"), Cell.of("x"));
        assertThat(table.lines(WIDE).getLast()).isEqualTo("\u001b[32mready\u001b[0m  x");
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        Table table = table();
        assertThatThrownBy(() -> table.row(Cell.of(1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Table table() {
        Table table = new Table("ID", "STATE", "NOTE");
        table.row(Cell.of("k3vd7q2m"), Cell.of("ready"), Cell.of(""));
        table.row(Cell.of("abcdefgh"), Cell.of("failed"), Cell.of("rank 1 was killed while it was pinged"));
        return table;
    }
}
