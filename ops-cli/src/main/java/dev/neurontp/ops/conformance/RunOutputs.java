package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.report.LogWriter;
import dev.neurontp.conformance.report.ReportFiles;
import dev.neurontp.conformance.report.WholeFile;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.ops.console.OutputFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes the files that a run was asked for. */
final class RunOutputs {

    private RunOutputs() {}

    /**
     * Makes sure before the run that its files can be written after it.
     *
     * @param read the known failures that the run reads
     * @throws UsageException if one cannot
     */
    static void requirePlace(Path report, Path knownFailures, Optional<Path> read) {
        if (report != null) {
            requireFolder("--report", report, report);
            removeOld(report, read);
        }
        if (knownFailures != null) {
            if (Files.isDirectory(knownFailures)) {
                throw new UsageException("--write-known-failures " + knownFailures + " is a folder: give a file");
            }
            Path folder = knownFailures.toAbsolutePath().getParent();
            requireFolder("--write-known-failures", knownFailures, folder);
        }
    }

    private static void removeOld(Path report, Optional<Path> read) {
        try {
            ReportFiles.removeOld(report, read);
        } catch (IOException e) {
            throw new UsageException("--report " + report + " has what an earlier run left, which cannot be removed: "
                    + FileErrors.reason(e));
        }
    }

    private static void requireFolder(String option, Path given, Path folder) {
        try {
            OutputFolder.require(option, given, folder);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** Writes what was asked for; a folder or file that is null was not. */
    static void write(RunReport found, Path report, Path knownFailures) throws IOException {
        if (report != null) {
            ReportFiles.write(found, report);
        }
        if (knownFailures != null) {
            WholeFile.write(knownFailures, KnownFailures.write(found));
        }
    }

    /** Says where they are. */
    static void name(Path report, Path knownFailures, LogWriter log) {
        if (report != null) {
            log.line("report: " + report.resolve("report.html"));
        }
        if (knownFailures != null) {
            log.line("known failures: " + knownFailures);
        }
        log.flush();
    }
}
