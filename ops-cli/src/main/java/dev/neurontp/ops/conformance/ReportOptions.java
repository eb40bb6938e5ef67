package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.report.TerminalReport;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a run's findings go, and how much of them is printed. */
final class ReportOptions {

    @Option(
            names = "--write-known-failures",
            paramLabel = "FILE",
            description = "Write the failures of this run as such a file, unless it came to no end.")
    Path writeKnownFailures;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write report.json, junit.xml, report.md, report.html and transcripts/.")
    Path report;

    @Option(names = "--quiet", description = "Only failures and the last line.")
    boolean quiet;

    @Option(
            names = "--trace",
            description = "Print every failure whole, with its transcript, and every check as it begins.")
    boolean trace;

    /** The folder of the reports; null for none. */
    Path report() {
        return report;
    }

    /** The file for this run's failures; null for none. */
    Path writeKnownFailures() {
        return writeKnownFailures;
    }

    /** Where something is to be written, for a person. */
    String places() {
        return Stream.of(report, writeKnownFailures)
                .filter(Objects::nonNull)
                .map(Path::toString)
                .collect(Collectors.joining(" and "));
    }

    /** Whether only failures and the last line are printed. */
    boolean quiet() {
        return quiet;
    }

    /** Whether every failure is printed whole. */
    boolean trace() {
        return trace;
    }

    /** How much is printed. */
    TerminalReport.Detail detail() {
        return trace ? TerminalReport.Detail.TRACE : quiet ? TerminalReport.Detail.QUIET : TerminalReport.Detail.NORMAL;
    }
}
