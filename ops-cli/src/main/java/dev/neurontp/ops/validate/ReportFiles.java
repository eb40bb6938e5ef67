package dev.neurontp.ops.validate;

import dev.neurontp.conformance.report.OldFiles;
import dev.neurontp.conformance.report.WholeFile;
import dev.neurontp.harness.validate.HtmlReport;
import dev.neurontp.harness.validate.JsonReport;
import dev.neurontp.harness.validate.JunitReport;
import dev.neurontp.harness.validate.MarkdownReport;
import dev.neurontp.harness.validate.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes all reports of a run into one folder. */
final class ReportFiles {
    private static final List<String> NAMES = List.of("report.json", "junit.xml", "report.md", "report.html");

    private ReportFiles() {}

    /** Those of an earlier run but what this one reads: where it comes to no report, theirs would be taken for it. */
    static void removeOld(Path folder, List<Path> kept) throws IOException {
        OldFiles.remove(folder, NAMES, kept);
    }

    /** {@code report.json}, {@code junit.xml}, {@code report.md} and {@code report.html}; older ones are replaced. */
    static void write(ValidationReport report, Path folder) throws IOException {
        Files.createDirectories(folder);
        WholeFile.replace(folder.resolve("report.json"), JsonReport.of(report));
        WholeFile.replace(folder.resolve("junit.xml"), JunitReport.of(report));
        WholeFile.replace(folder.resolve("report.md"), MarkdownReport.of(report));
        WholeFile.replace(folder.resolve("report.html"), HtmlReport.of(report));
    }
}
