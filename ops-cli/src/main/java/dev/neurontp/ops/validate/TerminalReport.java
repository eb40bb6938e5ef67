package dev.neurontp.ops.validate;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.harness.validate.Case;
import dev.neurontp.harness.validate.CaseResult;
import dev.neurontp.harness.validate.PairMatrix;
import dev.neurontp.harness.validate.Phase;
import dev.neurontp.harness.validate.RankDevice;
import dev.neurontp.harness.validate.Status;
import dev.neurontp.harness.validate.Suspect;
import dev.neurontp.harness.validate.ValidationReport;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/** The report for a person: who took part, a line for each kind of check, the table of nccl-tests, and every failure whole. */
final class TerminalReport {
    private static final double MICRO = 1e6;
    private static final String NONE = "-";
    private static final int LATENCY_BYTES = 1 << 20;
    private static final int MOST_FINDINGS = 6;
    private static final int LEAST_WIDTH = 40;
    private static final String INDENT = "     ";
    private static final String[] COLUMNS = {
        "SIZE(B)", "COUNT", "TYPE", "REDOP", "ROOT", "PLACE", "TIME(us)", "ALGBW", "BUSBW", "#WRONG", "VERDICT"
    };

    private final Terminal terminal;
    private final int columns;
    private final ValidationReport report;

    TerminalReport(Terminal terminal, int columns, ValidationReport report) {
        this.terminal = terminal;
        this.columns = columns;
        this.report = report;
    }

    void print() {
        band();
        ranks();
        kinds();
        bandwidth();
        pairs();
        findings();
        band();
        terminal.line(verdictColour().apply("validate: " + report.verdict()) + "  " + report.counts() + "  in "
                + Durations.time(report.took()));
    }

    private UnaryOperator<String> verdictColour() {
        return report.exitCode() == 0 ? terminal::green : terminal::red;
    }

    /** First and last, so that no part of a copied text looks like hardware. */
    private void band() {
        if (report.simulated() && !report.ranks().isEmpty()) {
            terminal.line(report.hardware().band());
        }
    }

    private void ranks() {
        if (report.ranks().isEmpty()) {
            return;
        }
        Table table = new Table("RANK", "GPU", "HOST", "PCI", "UUID", "NAME");
        for (RankDevice rank : report.ranks()) {
            table.row(
                    Cell.of(rank.rank()),
                    Cell.of(rank.device()),
                    Cell.of(orNone(rank.host())),
                    Cell.of(orNone(rank.pciBusId())),
                    Cell.of(orNone(rank.deviceUuid())),
                    Cell.of(orNone(rank.deviceName())));
        }
        table.lines(columns).forEach(terminal::line);
        terminal.line("");
    }

    private static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    /** All but the tables, one line for each phase and kind. */
    private void kinds() {
        Map<String, List<CaseResult>> kinds = new LinkedHashMap<>();
        for (CaseResult result : report.results()) {
            if (!inTable(result)) {
                kinds.computeIfAbsent(kind(result.of()), kind -> new ArrayList<>())
                        .add(result);
            }
        }
        Table table = new Table("PHASE", "CHECK", "VERDICT", "");
        kinds.forEach((kind, results) -> {
            int slash = kind.indexOf('/');
            Status worst = results.stream()
                    .map(CaseResult::status)
                    .max(Enum::compareTo)
                    .orElseThrow();
            Status shown = worst == Status.SKIPPED || worst == Status.MEASURED ? best(results) : worst;
            table.row(
                    Cell.of(kind.substring(0, slash)),
                    Cell.of(kind.substring(slash + 1)),
                    verdict(shown),
                    Cell.of(summary(results)));
        });
        table.lines(columns).forEach(terminal::line);
    }

    /** Measured rows have a table of their own; where no time was measured there is none. */
    private static boolean inTable(CaseResult result) {
        return result.of().phase() == Phase.BANDWIDTH && result.seconds().isPresent();
    }

    /** Some passed and some were skipped: that is a pass, and the summary says how many were skipped. */
    private static Status best(List<CaseResult> results) {
        return results.stream().map(CaseResult::status).min(Enum::compareTo).orElseThrow();
    }

    private static String kind(Case of) {
        return of.collective().isEmpty() ? of.id() : of.phase().label() + "/" + of.collective();
    }

    private static String summary(List<CaseResult> results) {
        if (results.size() == 1) {
            return one(results.getFirst());
        }
        StringBuilder words = new StringBuilder(results.size() + " cases");
        long checked = results.stream().mapToLong(CaseResult::checked).sum();
        if (checked > 0) {
            words.append(", ").append(checked).append(" elements compared");
        }
        for (Status status : List.of(Status.FAIL, Status.WARN, Status.SKIPPED)) {
            List<CaseResult> of =
                    results.stream().filter(result -> result.status() == status).toList();
            if (!of.isEmpty()) {
                words.append(", ")
                        .append(of.size())
                        .append(' ')
                        .append(status.name().toLowerCase(Locale.ROOT));
                words.append(status == Status.SKIPPED ? ": " + of.getFirst().reason() : "");
            }
        }
        return words.toString();
    }

    private static String one(CaseResult result) {
        if (result.bandwidth().isPresent()) {
            return String.format(
                    Locale.ROOT,
                    "%.1f GB/s on the slowest rank",
                    result.bandwidth().get().algorithm());
        }
        String checked = result.checked() > 0 ? result.checked() + " elements compared" : "";
        return result.reason().isEmpty() ? checked : result.reason();
    }

    /** The columns of nccl-tests, out-of-place and in-place in rows of their own. */
    private void bandwidth() {
        Map<String, Table> tables = new LinkedHashMap<>();
        for (CaseResult result : report.results()) {
            if (inTable(result)) {
                String collective = result.of().collective();
                row(tables.computeIfAbsent(collective, one -> new Table(COLUMNS)), result);
            }
        }
        tables.forEach(this::table);
    }

    private void table(String collective, Table table) {
        terminal.line("");
        terminal.line(terminal.bold(collective) + (report.simulated() ? "  (SIMULATED)" : "  (GB/s, 1e9 bytes)"));
        table.lines(columns).forEach(terminal::line);
    }

    private void row(Table table, CaseResult result) {
        Case of = result.of();
        boolean rates = result.bandwidth().isPresent() && result.of().bytes() >= LATENCY_BYTES;
        boolean bus = rates && report.ranks().size() > 1;
        String threshold =
                result.bar().map(bar -> " (threshold " + bar.words() + ")").orElse("");
        table.row(
                Cell.of(result.of().bytes()),
                Cell.of(of.count()),
                Cell.of(of.type()),
                Cell.of(of.redop().isEmpty() ? "none" : of.redop()),
                Cell.of(of.root()),
                Cell.of(of.place()),
                Cell.of(result.seconds().isPresent() ? number(result.seconds().getAsDouble() * MICRO) : NONE),
                Cell.of(rates ? number(result.bandwidth().get().algorithm()) : NONE),
                Cell.of(bus ? number(result.bandwidth().get().bus()) : NONE),
                Cell.of(result.checked() > 0 ? String.valueOf(result.wrong()) : "N/A"),
                new Cell(
                        verdict(result.status()).text() + threshold,
                        verdict(result.status()).style()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.1f", value);
    }

    private Cell verdict(Status status) {
        String text = report.hardware().label(status);
        return switch (status) {
            case PASS -> new Cell(text, terminal::green);
            case FAIL -> new Cell(text, terminal::red);
            case WARN, SKIPPED, MEASURED -> Cell.of(text);
        };
    }

    private void pairs() {
        matrix("pairs", PairMatrix.of(report, Phase.PAIRS));
        matrix("copies between GPUs without NCCL", PairMatrix.of(report, Phase.PEERS));
    }

    private void matrix(String heading, PairMatrix matrix) {
        if (matrix.isEmpty()) {
            return;
        }
        terminal.line("");
        terminal.line(terminal.bold(heading) + "  " + matrix.unit());
        matrix(matrix).lines(columns).forEach(terminal::line);
    }

    /** A row and a column for each rank; the odd ones are marked with a star. */
    private static Table matrix(PairMatrix matrix) {
        List<String> headings = new ArrayList<>(List.of("RANK"));
        for (int rank = 0; rank < matrix.ranks(); rank++) {
            headings.add(String.valueOf(rank));
        }
        Table table = new Table(headings.toArray(String[]::new));
        for (int row = 0; row < matrix.ranks(); row++) {
            List<Cell> cells = new ArrayList<>(List.of(Cell.of(row)));
            for (int column = 0; column < matrix.ranks(); column++) {
                OptionalDouble value = matrix.value(row, column);
                String mark = matrix.isSlow(row, column) ? "*" : "";
                cells.add(Cell.of(
                        value.isEmpty() ? NONE : String.format(Locale.ROOT, "%.1f", value.getAsDouble()) + mark));
            }
            table.row(cells.toArray(Cell[]::new));
        }
        return table;
    }

    /** The first ones whole: a broken GPU breaks hundreds of cases in the same way. */
    private void findings() {
        List<CaseResult> found = report.results().stream()
                .filter(result -> result.status() == Status.FAIL || result.status() == Status.WARN)
                .toList();
        found.stream().limit(MOST_FINDINGS).forEach(this::finding);
        if (found.size() > MOST_FINDINGS) {
            terminal.line("");
            terminal.line("and " + (found.size() - MOST_FINDINGS) + " more; --report DIR writes all of them");
        }
        terminal.line("");
        Suspect.of(report).ifPresent(words -> terminal.line(terminal.red("suspect: " + words)));
    }

    private void finding(CaseResult result) {
        terminal.line("");
        UnaryOperator<String> colour = result.status() == Status.FAIL ? terminal::red : terminal::bold;
        String label = report.hardware().label(result.status());
        List<String> lines = Table.wrap(
                label + "  " + result.of().id() + "  " + result.reason(),
                Math.max(LEAST_WIDTH, columns - INDENT.length()));
        terminal.line(colour.apply(label) + lines.getFirst().substring(label.length()));
        lines.stream().skip(1).forEach(line -> terminal.line(INDENT + line));
        result.evidence()
                .forEach(line -> Table.wrap(line, Math.max(LEAST_WIDTH, columns - INDENT.length()))
                        .forEach(part -> terminal.line(INDENT + part)));
    }
}
