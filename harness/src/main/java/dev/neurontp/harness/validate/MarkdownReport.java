package dev.neurontp.harness.validate;

import java.util.Locale;

/** {@code report.md}: for a job summary or an issue. */
public final class MarkdownReport {
    private static final int MOST_CASES = 200;
    private static final String ACTIVE = "\\`*_{}[]<>()#!|~@&$";

    private MarkdownReport() {}

    public static String of(ValidationReport report) {
        StringBuilder md = new StringBuilder();
        md.append("# validate: ").append(report.verdict()).append("\n\n");
        band(md, report);
        md.append(report.counts())
                .append("; ")
                .append(cell(MachineClass.of(report.ranks()).words()))
                .append("\n\n");
        Suspect.of(report)
                .ifPresent(words -> md.append("**Suspect: ").append(cell(words)).append("**\n\n"));
        band(md, report);
        md.append("| rank | GPU | host | UUID | PCI | name |\n|---|---|---|---|---|---|\n");
        for (RankDevice rank : report.ranks()) {
            md.append("| ").append(rank.rank()).append(" | ").append(rank.device());
            rank.info()
                    .ifPresentOrElse(
                            info -> md.append(" | ")
                                    .append(cell(info.host()))
                                    .append(" | ")
                                    .append(cell(info.deviceUuid()))
                                    .append(" | ")
                                    .append(cell(info.pciBusId()))
                                    .append(" | ")
                                    .append(cell(info.deviceName())),
                            () -> md.append(" | | | | "));
            md.append(" |\n");
        }
        findings(md, report);
        md.append('\n');
        band(md, report);
        md.append("| case | verdict | time us | busbw GB/s | threshold | |\n|---|---|---|---|---|---|\n");
        report.results().stream()
                .filter(result -> isShown(result))
                .limit(MOST_CASES)
                .forEach(result -> row(md, result, report));
        long left = report.results().stream().filter(MarkdownReport::isShown).count() - MOST_CASES;
        if (left > 0) {
            md.append("\n").append(left).append(" more are in report.json.\n");
        }
        return md.toString();
    }

    /** Before each table too: a part that is copied must not look like hardware. */
    private static void band(StringBuilder md, ValidationReport report) {
        if (report.simulated()) {
            md.append("**").append(report.hardware().band()).append("**\n\n");
        }
    }

    /** Hundreds of correct cases would hide the rest. */
    private static boolean isShown(CaseResult result) {
        return result.of().phase() != Phase.CORRECTNESS || result.status() != Status.PASS;
    }

    private static void findings(StringBuilder md, ValidationReport report) {
        for (CaseResult result : report.results()) {
            if (result.status() == Status.FAIL) {
                md.append("\n## ")
                        .append(cell(result.of().id()))
                        .append("\n\n")
                        .append(cell(result.reason()))
                        .append("\n\n");
                result.evidence().forEach(line -> md.append("    ").append(line).append('\n'));
            }
        }
    }

    private static void row(StringBuilder md, CaseResult result, ValidationReport report) {
        md.append("| ")
                .append(cell(result.of().id()))
                .append(" | ")
                .append(report.hardware().label(result.status()));
        md.append(" | ");
        result.seconds().ifPresent(time -> md.append(String.format(Locale.ROOT, "%.1f", time * 1e6)));
        md.append(" | ");
        result.bandwidth()
                .filter(seen -> report.ranks().size() > 1)
                .ifPresent(seen -> md.append(String.format(Locale.ROOT, "%.1f", seen.bus())));
        md.append(" | ").append(result.bar().map(Bar::words).orElse("")).append(" | ");
        md.append(cell(result.reason())).append(" |\n");
    }

    /** Text of a worker must not become markup: not a link either, which many renderers make of a bare address. */
    private static String cell(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ACTIVE.indexOf(c) >= 0 || beginsList(text, i) || beginsLink(text, i)) {
                safe.append("&#").append((int) c).append(';');
            } else {
                safe.append(c == '\n' ? ' ' : c);
            }
        }
        return safe.toString();
    }

    private static boolean beginsList(String text, int at) {
        return at == 0 && "+-=".indexOf(text.charAt(at)) >= 0;
    }

    /** {@code http://} and {@code www.}, as GitHub's renderer takes them. */
    private static boolean beginsLink(String text, int at) {
        return text.startsWith(":/", at)
                || (at > 0 && text.charAt(at) == '.' && "wW".indexOf(text.charAt(at - 1)) >= 0);
    }
}
