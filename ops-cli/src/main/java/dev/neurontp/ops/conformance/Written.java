package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.report.ReportFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the files that a run was asked for. */
final class Written {

    private Written() {}

    static void write(RunReport found, Path report, Path knownFailures, PrintWriter out) throws IOException {
        if (report != null) {
            ReportFiles.write(found, report);
            out.println("report: " + report.resolve("report.html"));
        }
        if (knownFailures != null) {
            Files.writeString(
                    knownFailures,
                    KnownFailures.write(found.findings().stream()
                            .filter(finding -> finding.counts() != Verdict.WARNED)
                            .map(Finding::failure)
                            .toList()));
            out.println("known failures: " + knownFailures);
        }
        out.flush();
    }
}
