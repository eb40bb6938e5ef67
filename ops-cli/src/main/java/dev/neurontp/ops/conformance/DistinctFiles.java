package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.report.ReportFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files that a run reads and writes: none of them may stand in the place of another. */
final class DistinctFiles {

    private static final int MOST_LINKS = 40;

    private DistinctFiles() {}

    /**
     * Compares them by their real paths. The known failures among the reports may be named: what a run writes there is the same, and what
     * it reads stays. A device may be named twice.
     *
     * @param report the folder of the reports; null for none
     * @param written the known failures that the run writes; null for none
     * @param read the known failures that it reads
     * @throws UsageException if two are one
     */
    static void require(Path report, Path written, Optional<Path> read) {
        if (written != null) {
            read.filter(one -> real(one).equals(real(written))).ifPresent(one -> {
                throw one("--known-failures " + one, "--write-known-failures " + written);
            });
        }
        if (report != null) {
            if (written != null) {
                requireNoReport("--write-known-failures", written, report);
            }
            read.ifPresent(one -> requireNoReport("--known-failures", one, report));
        }
    }

    private static void requireNoReport(String option, Path file, Path report) {
        for (Path name : ReportFiles.ownNames()) {
            Path own = report.resolve(name);
            if (real(file).startsWith(real(own))) {
                throw one(option + " " + file, own + " of --report " + report);
            }
        }
    }

    private static UsageException one(String first, String second) {
        return new UsageException(first + " and " + second + " are one file: give another");
    }

    /** Also of what is not there yet. */
    private static Path real(Path given) {
        Path file = given.toAbsolutePath();
        try {
            for (int links = 0; Files.isSymbolicLink(file) && links < MOST_LINKS; links++) {
                file = file.resolveSibling(Files.readSymbolicLink(file));
            }
            return Files.exists(file) ? file.toRealPath() : missing(file);
        } catch (IOException _) {
            return file.normalize();
        }
    }

    private static Path missing(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : real(parent).resolve(file.getFileName()).normalize();
    }
}
