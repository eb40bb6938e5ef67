package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RerunLine;
import dev.neurontp.conformance.RunReport;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Of what and where a run was made, by name: the same in every report for people. */
final class About {

    private About() {}

    static Map<String, String> of(RunReport report) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("suite", report.options().suite());
        about.put("worker", RerunLine.command(report.options()));
        about.put("seed", String.valueOf(report.options().seed()));
        about.put("started", report.startedAt().truncatedTo(ChronoUnit.SECONDS).toString());
        about.putAll(report.facts().named());
        return about;
    }
}
