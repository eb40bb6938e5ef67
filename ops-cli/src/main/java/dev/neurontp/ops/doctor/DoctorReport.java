package dev.neurontp.ops.doctor;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.doctor.check.Finding;
import dev.neurontp.ops.doctor.check.Level;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Prints the rows, the worst first, in lines that fit a terminal of 80 columns. */
final class DoctorReport {
    private static final int USUAL = 80;
    private static final int NARROWEST = 40;
    private static final int INDENT = 23;

    private final Screen screen;
    private final Doctor.Diagnosis diagnosis;
    private final int width;

    DoctorReport(Screen screen, Doctor.Diagnosis diagnosis) {
        this.screen = screen;
        this.diagnosis = diagnosis;
        this.width = screen.columns() == Screen.UNBOUNDED ? USUAL : Math.max(NARROWEST, screen.columns());
    }

    void print() {
        String mark = diagnosis.simulated() ? "SIMULATED, says nothing about hardware: " : "";
        diagnosis.results().stream()
                .sorted(Comparator.comparing(result -> result.finding().level()))
                .forEach(this::row);
        screen.line("doctor: " + mark + count(Level.FAIL) + " FAIL, " + count(Level.HUNG) + " HUNG, "
                + count(Level.WARN) + " WARN, " + count(Level.SKIPPED) + " SKIPPED, " + count(Level.OK) + " OK");
        if (count(Level.FAIL) + count(Level.HUNG) + count(Level.WARN) > 0) {
            screen.line("tpctl doctor --explain ID says more.");
        }
    }

    private long count(Level level) {
        return diagnosis.results().stream()
                .filter(result -> result.finding().level() == level)
                .count();
    }

    private void row(Result result) {
        Finding finding = result.finding();
        String head = String.format(
                "%-7s  %s %-10s ",
                finding.level(), result.row(), Table.cut(result.row().title(), 10));
        List<String> seen = Table.wrap(finding.seen(), width - INDENT);
        screen.line((colour(finding.level()).apply(head) + seen.getFirst()).stripTrailing());
        seen.stream().skip(1).forEach(line -> screen.line(" ".repeat(INDENT) + line));
        part("wanted: ", finding.wanted());
        part("-> ", finding.remedy());
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
