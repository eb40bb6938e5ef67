package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.Outcome;
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
import java.util.ArrayList;
import java.util.List;
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
        DistinctFiles.require(report, knownFailures, read);
        if (report != null) {
            requireFolder("--report", report, report);
            List<Path> kept = new ArrayList<>();
            read.ifPresent(kept::add);
            if (knownFailures != null) {
                kept.add(knownFailures);
            }
            removeOld(report, kept);
        }
        if (knownFailures != null) {
            if (Files.isDirectory(knownFailures)) {
                throw new UsageException("--write-known-failures " + knownFailures + " is a folder: give a file");
            }
            Path folder = knownFailures.toAbsolutePath().getParent();
            requireFolder("--write-known-failures", knownFailures, folder);
        }
    }

    private static void removeOld(Path report, List<Path> kept) {
        try {
            ReportFiles.removeOld(report, kept);
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

    /**
     * Writes what was asked for; a folder or file that is null was not. The known failures first: where they cannot be written no
     * report is to say that all is well.
     */
    static void write(RunReport found, Path report, Path knownFailures) throws IOException {
        IOException failed = null;
        if (knownFailures != null && found.isWhole()) {
            try {
                WholeFile.write(knownFailures, KnownFailures.write(found));
            } catch (IOException e) {
                failed = e;
            }
        }
        if (report != null && (failed == null || found.outcome() != Outcome.PASSED)) {
            ReportFiles.write(found, report);
        }
        if (failed != null) {
            throw failed;
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

    /** Says that a list of a part of the failures takes no place of one of all of them. */
    static void nameKept(Path knownFailures, LogWriter log) {
        log.line("known failures: " + knownFailures + " was not written: not all was judged");
        log.flush();
    }
}
