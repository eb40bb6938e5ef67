package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes all reports of a run into one folder. */
public final class ReportFiles {

    private ReportFiles() {}

    /** Writes them; the folder is made where it is missing, and files of the same names are replaced. */
    public static void write(RunReport report, Path folder) throws IOException {
        Files.createDirectories(folder);
    }
}
