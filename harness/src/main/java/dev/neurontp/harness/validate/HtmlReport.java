package dev.neurontp.harness.validate;

import static dev.neurontp.harness.validate.Xml.escape;

import dev.neurontp.harness.text.ReportedEnvironment;
import dev.neurontp.harness.time.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** {@code report.html}: one file that fetches nothing, with plots, readable in the dark and on paper. */
public final class HtmlReport {
    private static final double MICRO = 1e6;

    private final ValidationReport report;
    private final StringBuilder body = new StringBuilder();

    private HtmlReport(ValidationReport report) {
        this.report = report;
    }

    public static String of(ValidationReport report) throws IOException {
        return template().replace("<!--body-->", new HtmlReport(report).whole());
    }

    private String whole() {
        body.append("<h1>validate: ").append(escape(report.verdict())).append("</h1>");
        band();
        body.append("<p>")
                .append(escape(report.counts() + ", in " + Durations.time(report.took()) + ", started "
                        + report.startedAt().truncatedTo(ChronoUnit.SECONDS)))
                .append("</p>");
        Suspect.of(report)
                .ifPresent(words -> body.append("<p><strong>Suspect: ")
                        .append(escape(words))
                        .append("</strong></p>"));
        failures();
        bandwidth();
        pairs();
        ranksTimes();
        inventory();
        cases();
        return body.toString();
    }

    private void band() {
        if (report.simulated()) {
            body.append("<p class=\"band\">")
                    .append(escape(report.hardware().band()))
                    .append("</p>");
        }
    }

    private void failures() {
        for (CaseResult result : report.results()) {
            if (result.status() == Status.FAIL || result.status() == Status.WARN) {
                body.append("<section class=\"").append(name(result.status())).append("\"><h2>");
                body.append(report.hardware().label(result.status()))
                        .append(" ")
                        .append(escape(result.of().id()))
                        .append("</h2><p>")
                        .append(escape(result.reason()))
                        .append("</p><pre>")
                        .append(escape(String.join("\n", result.evidence())))
                        .append("</pre></section>");
            }
        }
    }

    private void bandwidth() {
        Map<String, List<CaseResult>> byCollective = new LinkedHashMap<>();
        for (CaseResult result : report.results()) {
            if (result.of().phase() == Phase.BANDWIDTH && result.seconds().isPresent()) {
                byCollective
                        .computeIfAbsent(result.of().collective(), collective -> new ArrayList<>())
                        .add(result);
            }
        }
        if (byCollective.isEmpty()) {
            return;
        }
        boolean bus = byCollective.values().stream()
                .flatMap(List::stream)
                .anyMatch(result -> result.bandwidth().isPresent());
        String unit = bus ? report.ranks().size() > 1 ? "busbw, GB/s" : "algbw, GB/s" : "time, us";
        body.append("<h2>Collectives: ").append(unit).append(" over size</h2>");
        byCollective.forEach((collective, results) -> {
            band();
            body.append("<figure><figcaption>")
                    .append(escape(collective))
                    .append("</figcaption>")
                    .append(SvgPlot.lines(collective + ", " + unit + " over size", points(results)))
                    .append("</figure>");
        });
    }

    private Map<String, Map<Long, Double>> points(List<CaseResult> results) {
        Map<String, Map<Long, Double>> places = new LinkedHashMap<>();
        for (CaseResult result : results) {
            String place = result.of().place().equals("in") ? "in-place" : "out-of-place";
            places.computeIfAbsent(place, one -> new LinkedHashMap<>())
                    .put(result.of().bytes(), value(result));
        }
        return places;
    }

    private double value(CaseResult result) {
        return result.bandwidth()
                .map(seen -> report.ranks().size() > 1 ? seen.bus() : seen.algorithm())
                .orElseGet(() -> result.seconds().orElse(0) * MICRO);
    }

    private void pairs() {
        matrix("Pairs", "pairs of ranks, ", PairMatrix.of(report, Phase.PAIRS));
        matrix("Copies between GPUs without NCCL", "copies between GPUs, ", PairMatrix.of(report, Phase.PEERS));
    }

    private void matrix(String heading, String title, PairMatrix matrix) {
        if (!matrix.isEmpty()) {
            body.append("<h2>")
                    .append(heading)
                    .append(": ")
                    .append(escape(matrix.unit()))
                    .append("</h2>");
            band();
            body.append(SvgPlot.heatMap(title + matrix.unit(), matrix));
        }
    }

    /** Minimum, median and maximum of each rank at the largest size: equal in a healthy group. */
    private void ranksTimes() {
        CaseResult largest = null;
        for (CaseResult result : report.results()) {
            if (result.of().phase() == Phase.BANDWIDTH
                    && result.seconds().isPresent()
                    && (largest == null || result.of().bytes() > largest.of().bytes())) {
                largest = result;
            }
        }
        if (largest == null) {
            return;
        }
        body.append("<h2>Time of each rank, ")
                .append(escape(largest.of().id()))
                .append("</h2><p>All ranks of a collective");
        body.append(
                " take about the same time: the slowest link holds up all of them. Which link it is the pairs show.</p>");
        band();
        body.append("<table><tr><th>rank</th><th>min us</th><th>median us</th><th>max us</th></tr>");
        largest.ranks()
                .forEach((rank, result) -> Timing.of(result)
                        .ifPresent(times -> body.append(String.format(
                                Locale.ROOT,
                                "<tr><td>%s</td><td>%.1f</td><td>%.1f</td><td>%.1f</td></tr>",
                                escape(report.ranks().get(rank).words()),
                                times.min() / 1e3,
                                times.median() / 1e3,
                                times.max() / 1e3))));
        body.append("</table>");
    }

    private void inventory() {
        body.append("<h2>Inventory</h2>");
        band();
        body.append("<table><tr><th>rank</th><th>GPU</th><th>name</th><th>UUID</th><th>PCI</th>"
                + "<th>host</th><th>driver</th><th>CUDA</th><th>NCCL</th></tr>");
        for (RankDevice rank : report.ranks()) {
            body.append("<tr><td>")
                    .append(rank.rank())
                    .append("</td><td>")
                    .append(rank.device())
                    .append("</td>");
            rank.info()
                    .ifPresent(info -> List.<Function<dev.neurontp.rpc.XDeviceInfo, String>>of(
                                    dev.neurontp.rpc.XDeviceInfo::deviceName,
                                    dev.neurontp.rpc.XDeviceInfo::deviceUuid,
                                    dev.neurontp.rpc.XDeviceInfo::pciBusId,
                                    dev.neurontp.rpc.XDeviceInfo::host,
                                    dev.neurontp.rpc.XDeviceInfo::driver,
                                    dev.neurontp.rpc.XDeviceInfo::cuda,
                                    dev.neurontp.rpc.XDeviceInfo::nccl)
                            .forEach(value -> body.append("<td>")
                                    .append(escape(value.apply(info)))
                                    .append("</td>")));
            body.append("</tr>");
        }
        body.append("</table><details><summary>Environment</summary><pre>");
        ReportedEnvironment.ofProcess()
                .forEach(
                        (name, value) -> body.append(escape(name + "=" + value)).append('\n'));
        body.append("</pre></details>");
    }

    private void cases() {
        body.append("<details><summary>All cases</summary>");
        band();
        body.append("<table><tr><th>case</th><th>verdict</th><th>time us</th>"
                + "<th>compared</th><th>wrong</th><th>threshold</th><th></th></tr>");
        for (CaseResult result : report.results()) {
            body.append("<tr class=\"").append(name(result.status())).append("\"><td>");
            body.append(escape(result.of().id())).append("</td><td>");
            body.append(report.hardware().label(result.status())).append("</td><td>");
            result.seconds().ifPresent(time -> body.append(String.format(Locale.ROOT, "%.1f", time * MICRO)));
            body.append("</td><td>")
                    .append(result.checked())
                    .append("</td><td>")
                    .append(result.wrong());
            body.append("</td><td>").append(escape(result.bar().map(Bar::words).orElse("none")));
            body.append("</td><td>").append(escape(result.reason())).append("</td></tr>");
        }
        body.append("</table></details>");
    }

    private static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static String template() throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream("validation.html")) {
            if (in == null) {
                throw new IOException("the template validation.html is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
