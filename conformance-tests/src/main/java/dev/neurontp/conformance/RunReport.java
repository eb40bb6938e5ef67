package dev.neurontp.conformance;

import dev.neurontp.conformance.check.CheckResult;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.contract.Rule;
import dev.neurontp.conformance.process.CpuTime;
import dev.neurontp.conformance.soak.SoakReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a run found, complete and immutable.
 *
 * @param stage the stage it was judged as, or an empty string where it could not be judged
 * @param stageReason how that is known
 * @param rules every rule of the contract with its verdict
 * @param findings every failure with what it counts as
 * @param stale known failures that pass now
 * @param flaky known failures that may pass and may fail, with how often each failed
 * @param shutdowns how the shared workers closed, a line each
 * @param errors the suite's own failures
 * @param soak what a soak found, where one was made
 * @param stop why the run stopped early, or an empty string
 * @param unjudgeable why the worker could not be judged at all, or an empty string
 * @param judgeFailed whether the judge or its host failed, so that nothing that was seen is the worker's fault for certain
 * @param stderr the last lines of stderr of a worker that could not be judged
 * @param facts of what and where the run was made
 * @param processes how many processes were started
 * @param cpu CPU time of the suite and of the processes that have ended
 */
public record RunReport(
        RunOptions options,
        String stage,
        String stageReason,
        List<RuleReport> rules,
        List<Finding> findings,
        List<KnownFailures.Entry> stale,
        List<KnownFailures.Flaky> flaky,
        List<String> shutdowns,
        List<String> errors,
        Optional<SoakReport> soak,
        String stop,
        String unjudgeable,
        boolean judgeFailed,
        List<String> stderr,
        RunFacts facts,
        Instant startedAt,
        Duration took,
        int processes,
        CpuTime cpu) {

    static final String OUT_OF_TIME = "the time for the run is over";
    static final String INTERRUPTED = "interrupted";

    public RunReport {
        rules = List.copyOf(rules);
        findings = List.copyOf(findings);
        stale = List.copyOf(stale);
        flaky = List.copyOf(flaky);
        shutdowns = List.copyOf(shutdowns);
        errors = List.copyOf(errors);
        stderr = List.copyOf(stderr);
    }

    /** One rule's verdict and the checks behind it. */
    public record RuleReport(Rule rule, Verdict verdict, String reason, List<CheckResult> checks) {
        public RuleReport {
            checks = List.copyOf(checks);
        }

        /** How many cases were tried for it. */
        public int cases() {
            return checks.stream().mapToInt(CheckResult::cases).sum();
        }

        /** How many processes were started for it. */
        public int starts() {
            return checks.stream().mapToInt(CheckResult::starts).sum();
        }

        /** The CPU time that its processes have used for it, but for their last moments. */
        public Duration workersCpu() {
            return checks.stream().map(CheckResult::workersCpu).reduce(Duration.ZERO, Duration::plus);
        }
    }

    /** A failure and what it counts as: {@code FAILED}, {@code WARNED} or {@code EXPECTED}. */
    public record Finding(Failure failure, Verdict counts) {}

    /** What the run says of the worker. */
    public Outcome outcome() {
        if (stop.equals(INTERRUPTED)) {
            return Outcome.INTERRUPTED;
        }
        if (!unjudgeable.isEmpty()) {
            return Outcome.NOT_JUDGED;
        }
        if (findings.stream().anyMatch(finding -> finding.counts() == Verdict.FAILED)
                || !stale.isEmpty()
                || soak.filter(it -> !it.findings().isEmpty()).isPresent()) {
            return Outcome.FAILED;
        }
        if (!stop.isEmpty()) {
            return Outcome.OUT_OF_TIME;
        }
        boolean anyJudged = rules.stream().anyMatch(rule -> rule.verdict().isJudged());
        return errors.isEmpty() && anyJudged ? Outcome.PASSED : Outcome.NOT_JUDGED;
    }

    /** Whether it came to its end, so that what it found is all that there is. */
    public boolean isWhole() {
        return (outcome() == Outcome.PASSED || outcome() == Outcome.FAILED) && stop.isEmpty() && errors.isEmpty();
    }

    /** Why it is no pass where no rule says that, so that nobody who looks at the rules alone takes it for one; else empty. */
    public String untold() {
        boolean told = rules.stream()
                .map(RuleReport::verdict)
                .anyMatch(
                        verdict -> verdict == Verdict.FAILED || verdict == Verdict.ERROR || verdict == Verdict.MISSING);
        return switch (outcome()) {
            case PASSED, FAILED -> "";
            case NOT_JUDGED ->
                told || !errors.isEmpty()
                        ? ""
                        : stage.isEmpty()
                                ? "nothing was judged: " + whySkipped()
                                : "nothing was judged: no rule that was asked for can be judged of a worker of stage "
                                        + stage + ", which is no pass";
            case OUT_OF_TIME, INTERRUPTED -> told ? "" : "not complete: " + stop;
        };
    }

    private String whySkipped() {
        return rules.stream()
                .filter(rule -> rule.verdict() == Verdict.SKIPPED)
                .map(RuleReport::reason)
                .findFirst()
                .orElse("no rule that was asked for can be judged of this worker");
    }

    /** The rule that a failure of this run breaks. */
    public RuleReport of(Failure failure) {
        return rules.stream()
                .filter(rule -> rule.rule().id().equals(failure.rule()))
                .findFirst()
                .orElseThrow();
    }

    /** The findings that a rule has its verdict by: where it fails by a new failure, the known ones are none of them. */
    public List<Finding> decisive(RuleReport rule) {
        return findings.stream()
                .filter(finding -> finding.failure().rule().equals(rule.rule().id()))
                .filter(finding -> finding.counts() == rule.verdict())
                .toList();
    }

    /** How many rules have this verdict. */
    public long count(Verdict verdict) {
        return rules.stream().filter(rule -> rule.verdict() == verdict).count();
    }

    /** How many cases were tried in all. */
    public int cases() {
        return rules.stream().mapToInt(RuleReport::cases).sum();
    }
}
