package dev.neurontp.harness.preflight;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.LeaderMark;
import dev.neurontp.harness.text.ForeignText;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * What {@code neuron --preflight} says of its host: one line of JSON on stdout.
 *
 * @param preflight the version of this shape, 1
 * @param heard the first line of its stdin
 * @param version of the program there
 * @param hostName as its kernel calls it
 * @param gpus how many a worker there can address; null where nobody knows
 * @param gpusProblem why nobody knows; else empty
 * @param addresses of the host, without those of its loopback
 * @param marked processes of leaders, of the same user
 * @param markedProblem why nobody knows which there are; else empty
 */
record HostReport(
        int preflight,
        String heard,
        String version,
        String hostName,
        Integer gpus,
        String gpusProblem,
        List<String> addresses,
        List<LeaderMark.Marked> marked,
        String markedProblem) {
    static final int VERSION = 1;
    static final String BEGIN = "{\"preflight\":";
    /** On stderr, before what was heard on stdin. */
    static final String HEARD = "neuron: preflight heard ";

    private static final int MOST = 256;
    private static final int LONGEST_PROBLEM = 300;

    HostReport {
        heard = clean(heard);
        version = clean(version);
        hostName = clean(hostName);
        gpusProblem = clean(gpusProblem);
        markedProblem = markedProblem == null ? "" : ForeignText.of(markedProblem, LONGEST_PROBLEM);
        addresses = (addresses == null ? List.<String>of() : addresses)
                .stream().limit(MOST).map(HostReport::clean).toList();
        marked = (marked == null ? List.<LeaderMark.Marked>of() : marked)
                .stream()
                        .limit(MOST)
                        .map(one -> new LeaderMark.Marked(clean(one.name()), one.pid(), clean(one.mark())))
                        .toList();
    }

    /** The report in a line; empty where it is none. */
    static Optional<HostReport> parse(String line) {
        try {
            return Optional.of(Json.mapper().readValue(line, HostReport.class))
                    .filter(report -> report.gpus == null || report.gpus >= 0);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    String line() {
        return Json.text(this) + "\n";
    }

    private static String clean(String text) {
        return text == null ? "" : ForeignText.of(text, ForeignText.NAME);
    }
}
