package dev.neurontp.ops.doctor;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.doctor.check.Finding;
import dev.neurontp.ops.doctor.check.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Prints the rows, the worst first, in lines that fit a terminal of 80 columns. */
final class DoctorReport {
    private static final int USUAL = 80;
    private static final int NARROWEST = 40;
    private static final int INDENT = 25;

    private final Screen screen;
    private final Doctor.Diagnosis diagnosis;
    private final int width;

    DoctorReport(Screen screen, Doctor.Diagnosis diagnosis) {
        this.screen = screen;
        this.diagnosis = diagnosis;
        this.width = screen.columns() == Screen.UNBOUNDED ? USUAL : Math.max(NARROWEST, screen.columns());
    }

    void print() {
        simulated();
        Map<String, List<Result>> skipped = new LinkedHashMap<>();
        List<Result> sorted = diagnosis.results().stream()
                .sorted(Comparator.comparing(result -> result.finding().level()))
                .toList();
        for (Result result : sorted) {
            if (result.finding().level() == Level.SKIPPED) {
                skipped.computeIfAbsent(result.finding().seen(), _ -> new ArrayList<>())
                        .add(result);
            } else {
                row(result);
            }
        }
        skipped.forEach(this::skipped);
        screen.line("doctor: " + count(Level.FAIL) + " FAIL, " + count(Level.HUNG) + " HUNG, " + count(Level.WARN)
                + " WARN, " + count(Level.SKIPPED) + " SKIPPED, " + count(Level.OK) + " OK");
        if (count(Level.FAIL) + count(Level.HUNG) + count(Level.WARN) > 0) {
            screen.line("tpctl doctor --explain ID says more.");
        }
        simulated();
    }

    private void simulated() {
        if (diagnosis.simulated()) {
            screen.line("SIMULATED: a stand-in answered, this says nothing about hardware");
        }
    }

    /** One reason can keep many rows from being looked at. */
    private void skipped(String reason, List<Result> rows) {
        if (rows.size() == 1) {
            row(rows.getFirst());
            return;
        }
        String ids = String.join(
                " ", rows.stream().map(result -> result.row().name()).toList());
        lines(Level.SKIPPED, rows.size() + " rows", reason + ": " + ids);
    }

    private long count(Level level) {
        return diagnosis.results().stream()
                .filter(result -> result.finding().level() == level)
                .count();
    }

    private void row(Result result) {
        Finding finding = result.finding();
        lines(finding.level(), result.row() + " " + result.row().title(), finding.seen());
        part("wanted: ", finding.wanted());
        part("-> ", finding.remedy());
    }

    private void lines(Level level, String what, String text) {
        String head = String.format("%-7s  %-15s ", level, what);
        List<String> seen = Table.wrap(text, width - INDENT);
        screen.line((colour(level).apply(head) + seen.getFirst()).stripTrailing());
        seen.stream().skip(1).forEach(line -> screen.line(" ".repeat(INDENT) + line));
    }

    private void part(String name, String text) {
        if (!text.isEmpty()) {
            Table.wrap(name + text, width - INDENT).forEach(line -> screen.line(" ".repeat(INDENT) + line));
        }
    }

    private UnaryOperator<String> colour(Level level) {
        return switch (level) {
            case FAIL, HUNG -> screen.terminal()::red;
            case WARN -> screen.terminal()::bold;
            case SKIPPED -> screen.terminal()::faint;
            case OK -> screen.terminal()::green;
        };
    }
}
