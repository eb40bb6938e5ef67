package dev.neurontp.ops.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Rows under headings. Where the screen is too narrow the columns go that may, then the last one is cut, or wrapped, and where even
 * that does not fit each row becomes a card, in which nothing is cut.
 */
public final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_LAST = 16;

    private final List<String> headings;
    private final List<List<Cell>> rows = new ArrayList<>();
    private boolean wrapping;
    private List<String> spare = List.of();

    /** With the headings of all columns. */
    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException when it has not one cell per heading
     */
    public void row(Cell... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + headings.size() + " headings");
        }
        rows.add(List.of(cells));
    }

    /** From now on nothing of the last column is cut: what does not fit goes on in the next line. */
    public Table wrapping() {
        wrapping = true;
        return this;
    }

    /** Columns that are left out one after the other, the first one first, while the rows are wider than the screen. */
    public Table spare(String... first) {
        spare = List.of(first);
        return this;
    }

    /** The lines as they fit into {@code columns} characters, colours not counted. */
    public List<String> lines(int columns) {
        Table shown = this;
        for (int left = 0; left < spare.size() && shown.width() > columns; left++) {
            shown = shown.without(spare.get(left));
        }
        return shown.width() <= columns ? shown.tabular(shown.widths()) : narrow(columns);
    }

    private List<String> narrow(int columns) {
        int[] widths = widths();
        int last = widths.length - 1;
        int room = columns - (width() - widths[last]);
        if (room < Math.min(LEAST_LAST, widths[last])) {
            return cards(columns);
        }
        widths[last] = room;
        return tabular(widths);
    }

    private int width() {
        int[] widths = widths();
        return Arrays.stream(widths).sum() + (widths.length - 1) * GAP.length();
    }

    private Table without(String heading) {
        int at = headings.indexOf(heading);
        Table narrower = new Table(except(headings, at).toArray(String[]::new));
        narrower.wrapping = wrapping;
        rows.forEach(row -> narrower.rows.add(except(row, at)));
        return narrower;
    }

    private static <T> List<T> except(List<T> all, int at) {
        List<T> rest = new ArrayList<>(all);
        rest.remove(at);
        return List.copyOf(rest);
    }

    /**
     * The rows alone, under the headings of a table that was printed before: in its columns, as far as they are wide enough.
     *
     * @throws IllegalArgumentException when that one has other headings
     */
    public List<String> below(Table earlier) {
        if (!headings.equals(earlier.headings)) {
            throw new IllegalArgumentException(headings + " below " + earlier.headings);
        }
        int[] widths = widths();
        int[] before = earlier.widths();
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], before[i]);
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private int[] widths() {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = headings.get(i).length();
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], length(row.get(i).text()));
            }
        }
        return widths;
    }

    private List<String> tabular(int[] widths) {
        List<String> lines = new ArrayList<>();
        lines.add(line(headings.stream().map(Cell::of).toList(), widths));
        for (List<Cell> row : rows) {
            List<String> parts = wrapping ? wrap(row.getLast().text(), widths[widths.length - 1]) : List.of();
            if (parts.size() <= 1) {
                lines.add(line(row, widths));
            } else {
                for (int part = 0; part < parts.size(); part++) {
                    lines.add(line(withLast(row, part == 0, parts.get(part)), widths));
                }
            }
        }
        return lines;
    }

    /** The row with a part of its last cell; blanks before it, where it is not the first part. */
    private static List<Cell> withLast(List<Cell> row, boolean first, String part) {
        List<Cell> line = new ArrayList<>();
        for (Cell cell : row.subList(0, row.size() - 1)) {
            line.add(first ? cell : Cell.of(""));
        }
        line.add(new Cell(part, row.getLast().style()));
        return line;
    }

    private static String line(List<Cell> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String text = cut(row.get(i).text(), widths[i]);
            String padding = " ".repeat(widths[i] - length(text));
            line.append(row.get(i).style().apply(text)).append(padding).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private List<String> cards(int columns) {
        int label = headings.stream().mapToInt(String::length).max().orElse(0) + 1;
        List<String> lines = new ArrayList<>();
        for (List<Cell> row : rows) {
            for (int i = 0; i < headings.size(); i++) {
                Cell cell = row.get(i);
                String rest = " ".repeat(GAP.length() + label);
                String head = (i == 0 ? "" : GAP) + headings.get(i);
                List<String> wrapped = wrap(cell.text(), Math.max(LEAST_LAST, columns - rest.length()));
                for (int line = 0; line < wrapped.size(); line++) {
                    String before = line == 0 ? head + rest.substring(head.length()) : rest;
                    lines.add((before + cell.style().apply(wrapped.get(line))).stripTrailing());
                }
            }
        }
        return lines;
    }

    /** The text in lines of at most {@code width} characters, broken at blanks where there are any; at least one line. */
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String left = text;
        while (length(left) > width) {
            int end = left.offsetByCodePoints(0, width);
            int blank = left.lastIndexOf(' ', end);
            int cut = blank > 0 ? blank : end;
            lines.add(left.substring(0, cut));
            left = left.substring(cut).stripLeading();
        }
        lines.add(left);
        return lines;
    }

    /** The text in at most {@code width} characters, with a sign where something is missing. */
    public static String cut(String text, int width) {
        if (length(text) <= width) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text of one cell, and its colour. */
    public record Cell(String text, UnaryOperator<String> style) {
        public static Cell of(String text) {
            return new Cell(text, UnaryOperator.identity());
        }

        public static Cell of(long number) {
            return of(Long.toString(number));
        }
    }
}
