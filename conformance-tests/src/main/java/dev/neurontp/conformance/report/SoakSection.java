package dev.neurontp.conformance.report;

import static dev.neurontp.conformance.report.Markup.escape;

import dev.neurontp.conformance.soak.Sample;
import dev.neurontp.conformance.soak.Series;
import dev.neurontp.conformance.soak.SoakReport;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a soak found, with a chart for each thing that was measured: the amount from 0 up, over the time from left to right. */
final class SoakSection {

    private static final int WIDTH = 300;
    private static final int HEIGHT = 60;

    private SoakSection() {}

    static void add(StringBuilder body, SoakReport soak) {
        body.append("<details class=\"rule ")
                .append(soak.findings().isEmpty() ? "passed" : "failed")
                .append("\" open><summary><b>soak</b> ")
                .append(soak.findings().isEmpty() ? "nothing grows" : "it grows")
                .append("</summary><p>")
                .append(escape(soak.words()))
                .append("</p>");
        soak.findings()
                .forEach(grows -> body.append("<p><b>").append(escape(grows)).append("</b></p>"));
        soak.notes().forEach(note -> body.append("<p>").append(escape(note)).append("</p>"));
        if (soak.samples().size() > 1) {
            for (Series series : Series.values()) {
                chart(body, series, soak.samples());
            }
        }
        body.append("</details>\n");
    }

    private static void chart(StringBuilder body, Series series, List<Sample> samples) {
        long most = Math.max(1, samples.stream().mapToLong(series::of).max().orElse(1));
        long end = Math.max(1, samples.getLast().atMillis());
        String points = samples.stream()
                .map(sample -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        (double) WIDTH * sample.atMillis() / end,
                        HEIGHT - (double) HEIGHT * series.of(sample) / most))
                .collect(Collectors.joining(" "));
        body.append("<figure><figcaption>")
                .append(series.words())
                .append(", at most ")
                .append(series.shown((double) most))
                .append("</figcaption><svg role=\"img\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(HEIGHT + 2)
                .append("\" viewBox=\"0 -1 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT + 2)
                .append("\"><polyline fill=\"none\" stroke=\"currentColor\" points=\"")
                .append(points)
                .append("\"/></svg></figure>");
    }
}
