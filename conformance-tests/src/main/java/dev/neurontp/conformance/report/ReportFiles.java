package dev.neurontp.conformance.report;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes all reports of a run into one folder. */
public final class ReportFiles {

    private static final List<String> RESULTS =
            List.of("report.json", "junit.xml", "report.md", "report.html", "annotations.txt", "known-failures.txt");

    private static final String TRANSCRIPTS = "transcripts";

    private ReportFiles() {}

    /**
     * Removes what an earlier run has left, which is no result of the one that begins.
     *
     * @param kept a file that this run reads, which may be one of them
     */
    public static void removeOld(Path folder, Optional<Path> kept) throws IOException {
        for (String name : RESULTS) {
            Path file = folder.resolve(name);
            if (kept.isEmpty() || !Files.exists(file) || !Files.isSameFile(file, kept.get())) {
                Files.deleteIfExists(file);
            }
        }
        Path transcripts = folder.resolve(TRANSCRIPTS);
        if (Files.isDirectory(transcripts)) {
            empty(transcripts);
        }
    }

    private static void empty(Path transcripts) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(transcripts, "*.txt")) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
    }

    /**
     * Writes {@code report.json}, {@code junit.xml}, {@code report.md}, {@code report.html}, {@code known-failures.txt}, {@code annotations.txt} and
     * {@code transcripts/}. The folder is made where it is missing; what an earlier run left under these names is
     * replaced.
     */
    public static void write(RunReport report, Path folder) throws IOException {
        Path transcripts = folder.resolve(TRANSCRIPTS);
        Files.createDirectories(transcripts);
        WholeFile.replace(folder.resolve("report.json"), JsonReport.of(report));
        WholeFile.replace(folder.resolve("junit.xml"), JunitReport.of(report));
        WholeFile.replace(folder.resolve("report.md"), MarkdownReport.of(report));
        WholeFile.replace(folder.resolve("report.html"), HtmlReport.of(report));
        WholeFile.replace(folder.resolve("known-failures.txt"), KnownFailures.write(report));
        WholeFile.replace(folder.resolve("annotations.txt"), Annotations.of(report));
        empty(transcripts);
        int number = 0;
        for (Finding finding : report.findings()) {
            Failure failure = finding.failure();
            String name = String.format("%03d-%s.txt", ++number, failure.check());
            WholeFile.replace(transcripts.resolve(name), transcript(failure));
        }
    }

    private static String transcript(Failure failure) {
        return "# " + failure.message() + "\n# got: " + failure.got() + "\n# again: " + failure.rerun()
                + "\n# > sent, < received, ! stderr, - the suite's remark; times since the process began\n"
                + String.join("\n", failure.transcript()) + "\n";
    }
}
