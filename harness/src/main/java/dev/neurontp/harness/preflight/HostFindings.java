package dev.neurontp.harness.preflight;

import java.util.List;

/**
 * What was found on one host.
 *
 * @param host its name
 * @param findings at least one; where the host was not reached, no more than that
 * @param millis how long it took
 */
public record HostFindings(String host, List<Finding> findings, long millis) {
    public HostFindings {
        findings = List.copyOf(findings);
    }

    /** Whether a pool there would fail. */
    public boolean failed() {
        return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.FAIL);
    }
}
