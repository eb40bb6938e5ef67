package dev.neurontp.ops.validate;

import dev.neurontp.conformance.report.WholeFile;
import dev.neurontp.harness.validate.HtmlReport;
import dev.neurontp.harness.validate.JsonReport;
import dev.neurontp.harness.validate.JunitReport;
import dev.neurontp.harness.validate.MarkdownReport;
import dev.neurontp.harness.validate.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes all reports of a run into one folder. */
final class ReportFiles {
    private ReportFiles() {}

    /** {@code report.json}, {@code junit.xml}, {@code report.md} and {@code report.html}; older ones are replaced. */
    static void write(ValidationReport report, Path folder) throws IOException {
        Files.createDirectories(folder);
        WholeFile.replace(folder.resolve("report.json"), JsonReport.of(report));
        WholeFile.replace(folder.resolve("junit.xml"), JunitReport.of(report));
        WholeFile.replace(folder.resolve("report.md"), MarkdownReport.of(report));
        WholeFile.replace(folder.resolve("report.html"), HtmlReport.of(report));
    }
}
