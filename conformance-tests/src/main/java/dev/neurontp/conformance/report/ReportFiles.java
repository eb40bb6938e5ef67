package dev.neurontp.conformance.report;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes all reports of a run into one folder. */
public final class ReportFiles {

    private static final String KNOWN_FAILURES = "known-failures.txt";
    private static final List<String> RESULTS =
            List.of("report.json", "junit.xml", "report.md", "report.html", "annotations.txt", KNOWN_FAILURES);

    private static final String TRANSCRIPTS = "transcripts";

    private ReportFiles() {}

    /** What a run writes there that is its own alone: all but the known failures. */
    public static List<Path> ownNames() {
        return Stream.concat(RESULTS.stream().filter(name -> !name.equals(KNOWN_FAILURES)), Stream.of(TRANSCRIPTS))
                .map(Path::of)
                .toList();
    }

    /**
     * Removes what an earlier run has left, which is no result of the one that begins.
     *
     * @param kept files that this run reads, or is to write only where it comes to its end, which may be some of them
     */
    public static void removeOld(Path folder, Collection<Path> kept) throws IOException {
        OldFiles.remove(folder, RESULTS, kept);
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
     * replaced. Known failures are those of a run that came to its end, and the file that it has read stays as it is.
     *
     * @throws IOException if one cannot be written; then none is left that says of the run that it passed
     */
    public static void write(RunReport report, Path folder) throws IOException {
        try {
            writeAll(report, folder);
        } catch (IOException e) {
            if (report.outcome() == Outcome.PASSED) {
                removeWritten(folder);
            }
            throw e;
        }
    }

    private static void removeWritten(Path folder) {
        for (String name : RESULTS) {
            try {
                if (!name.equals(KNOWN_FAILURES)) {
                    Files.deleteIfExists(folder.resolve(name));
                }
            } catch (IOException _) {
                // it was not written by this run, which can remove what it writes
            }
        }
    }

    private static void writeAll(RunReport report, Path folder) throws IOException {
        Path transcripts = folder.resolve(TRANSCRIPTS);
        Files.createDirectories(transcripts);
        WholeFile.replace(folder.resolve("report.json"), JsonReport.of(report));
        WholeFile.replace(folder.resolve("junit.xml"), JunitReport.of(report));
        WholeFile.replace(folder.resolve("report.md"), MarkdownReport.of(report));
        WholeFile.replace(folder.resolve("report.html"), HtmlReport.of(report));
        Path known = folder.resolve(KNOWN_FAILURES);
        Optional<Path> read = report.options().knownFailures();
        if (report.isWhole() && (read.isEmpty() || !OldFiles.isSame(known, read.get()))) {
            WholeFile.replace(known, KnownFailures.write(report));
        }
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
