package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.report.ReportFiles;
import dev.neurontp.conformance.report.WholeFile;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Writes the files that a run was asked for. */
final class RunOutputs {

    private RunOutputs() {}

    /**
     * Makes sure before the run that its files can be written after it.
     *
     * @throws UsageException if one cannot
     */
    static void requirePlace(Path report, Path knownFailures) {
        if (report != null) {
            requireFolder("--report", report, report);
        }
        if (knownFailures != null) {
            if (Files.isDirectory(knownFailures)) {
                throw new UsageException("--write-known-failures " + knownFailures + " is a folder: give a file");
            }
            Path folder = knownFailures.toAbsolutePath().getParent();
            requireFolder("--write-known-failures", knownFailures, folder);
        }
    }

    private static void requireFolder(String option, Path given, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".can-write", null));
        } catch (IOException e) {
            throw new UsageException(
                    option + " " + given + ": nothing can be written there (" + reason(e) + "): give another place");
        }
    }

    /** With the path that is at fault, which may be a folder above the one that was given. */
    static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException there -> there.getFile() + " is no folder";
            case NoSuchFileException missing -> missing.getFile() + " is not there and cannot be created";
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            default -> FileErrors.reason(e);
        };
    }

    /** Writes what was asked for; a folder or file that is null was not. */
    static void write(RunReport found, Path report, Path knownFailures) throws IOException {
        if (report != null) {
            ReportFiles.write(found, report);
        }
        if (knownFailures != null) {
            WholeFile.write(
                    knownFailures,
                    KnownFailures.write(found.findings().stream()
                            .filter(finding -> finding.counts() != Verdict.WARNED)
                            .map(Finding::failure)
                            .toList()));
        }
    }

    /** Says where they are. */
    static void name(Path report, Path knownFailures, PrintWriter out) {
        if (report != null) {
            out.println("report: " + report.resolve("report.html"));
        }
        if (knownFailures != null) {
            out.println("known failures: " + knownFailures);
        }
        out.flush();
    }
}
