package dev.neurontp.harness.validate;

import static dev.neurontp.harness.validate.Xml.escape;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The two plots of the HTML report, as SVG in the page's own colours. */
final class SvgPlot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 220;
    private static final int LEFT = 64;
    private static final int BOTTOM = 30;
    private static final int TOP = 12;
    private static final int RIGHT = 110;
    private static final int CELL = 56;
    private static final List<String> STYLES = List.of("one", "two", "three");

    private SvgPlot() {}

    /**
     * A line for each series over sizes in powers of two.
     *
     * @param title for those who cannot see it
     */
    static String lines(String title, Map<String, Map<Long, Double>> series) {
        double most = series.values().stream()
                .flatMap(points -> points.values().stream())
                .max(Double::compare)
                .filter(value -> value > 0)
                .orElse(1.0);
        long first = series.values().stream()
                .flatMap(points -> points.keySet().stream())
                .min(Long::compare)
                .orElse(1L);
        long last = series.values().stream()
                .flatMap(points -> points.keySet().stream())
                .max(Long::compare)
                .orElse(1L);
        StringBuilder svg = begin(title, WIDTH, HEIGHT);
        line(svg, "axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
        line(svg, "axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM);
        text(svg, LEFT - 6, TOP + 5, "end", number(most));
        text(svg, LEFT - 6, HEIGHT - BOTTOM, "end", "0");
        text(svg, LEFT, HEIGHT - 10, "start", ByteSize.format(first));
        text(svg, WIDTH - RIGHT, HEIGHT - 10, "end", ByteSize.format(last));
        int index = 0;
        for (Map.Entry<String, Map<Long, Double>> one : series.entrySet()) {
            polyline(
                    svg,
                    STYLES.get(index % STYLES.size()),
                    one,
                    new double[] {(double) first, (double) last, most},
                    index);
            index++;
        }
        return svg.append("</svg>").toString();
    }

    private static void polyline(
            StringBuilder svg, String style, Map.Entry<String, Map<Long, Double>> series, double[] scale, int index) {
        StringBuilder points = new StringBuilder();
        StringBuilder dots = new StringBuilder();
        double logFirst = Math.log(Math.max(1, scale[0]));
        double span = Math.max(1e-9, Math.log(Math.max(1, scale[1])) - logFirst);
        new TreeMap<>(series.getValue()).forEach((size, value) -> {
            double x = LEFT + (Math.log((double) Math.max(1, size)) - logFirst) / span * (WIDTH - RIGHT - LEFT);
            double y = HEIGHT - BOTTOM - value / scale[2] * (HEIGHT - BOTTOM - TOP);
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            dots.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s: %s</title></circle>",
                    style,
                    x,
                    y,
                    ByteSize.format(size),
                    number(value)));
        });
        svg.append("<polyline class=\"")
                .append(style)
                .append("\" points=\"")
                .append(points.toString().strip());
        svg.append("\"/>").append(dots);
        int y = TOP + 10 + 18 * index;
        line(svg, style, WIDTH - RIGHT + 8, y - 4, WIDTH - RIGHT + 22, y - 4);
        text(svg, WIDTH - RIGHT + 26, y, "start", series.getKey());
    }

    /** A square for each pair; the number is in it, and a star marks the odd ones, so that no colour is needed to read it. */
    static String heatMap(String title, PairMatrix matrix) {
        int ranks = matrix.ranks();
        int size = CELL * (ranks + 1);
        StringBuilder svg = begin(title, size, size);
        for (int i = 0; i < ranks; i++) {
            text(svg, CELL * (i + 1) + CELL / 2, CELL - 10, "middle", "rank " + i);
            text(svg, CELL - 6, CELL * (i + 1) + CELL / 2, "end", "rank " + i);
        }
        for (int row = 0; row < ranks; row++) {
            for (int column = 0; column < ranks; column++) {
                square(svg, matrix, row, column);
            }
        }
        return svg.append("</svg>").toString();
    }

    private static void square(StringBuilder svg, PairMatrix matrix, int row, int column) {
        OptionalDouble value = matrix.value(row, column);
        int x = CELL * (column + 1);
        int y = CELL * (row + 1);
        double share = value.orElse(0) / Math.max(1e-12, matrix.most());
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"%.2f\"/>",
                value.isEmpty() ? "none" : matrix.isSlow(row, column) ? "odd" : "cell",
                x,
                y,
                CELL - 2,
                CELL - 2,
                value.isEmpty() ? 0 : 0.15 + 0.6 * share));
        String mark = matrix.isSlow(row, column) ? "*" : "";
        text(svg, x + CELL / 2, y + CELL / 2 + 4, "middle", value.isEmpty() ? "" : number(value.getAsDouble()) + mark);
    }

    private static StringBuilder begin(String title, int width, int height) {
        return new StringBuilder("<svg role=\"img\" viewBox=\"0 0 " + width + " " + height + "\" width=\"" + width
                + "\" height=\"" + height + "\"><title>" + escape(title) + "</title>");
    }

    private static void line(StringBuilder svg, String style, int fromX, int fromY, int toX, int toY) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>",
                style,
                fromX,
                fromY,
                toX,
                toY));
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String words) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor))
                .append(escape(words))
                .append("</text>");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value);
    }
}
