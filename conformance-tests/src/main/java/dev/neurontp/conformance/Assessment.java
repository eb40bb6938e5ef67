package dev.neurontp.conformance;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckResult;
import dev.neurontp.conformance.check.CheckResult.Outcome;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.check.RunLog;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.contract.Level;
import dev.neurontp.conformance.contract.Rule;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.CpuTime;
import dev.neurontp.conformance.soak.SoakReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes verdicts of what a run found. */
final class Assessment {

    private final RunOptions options;
    private final Contract contract;
    private final KnownFailures known;
    private List<Check> all;
    private final Instant startedAt;
    private List<Check> due = List.of();
    private Selection selection;
    private Stage stage;
    private String stageReason = "";
    private List<String> shutdowns = List.of();
    private String unjudgeable = "";
    private List<String> stderr = List.of();
    private Optional<SoakReport> soak = Optional.empty();
    /** The rule that the first contact broke; empty where it broke none. */
    private String broken = "";

    private boolean unanswered;
    private boolean judgeFailed;

    Assessment(RunOptions options, Contract contract, KnownFailures known, List<Check> all, Instant startedAt) {
        this.options = options;
        this.contract = contract;
        this.known = known;
        this.all = all;
        this.startedAt = startedAt;
    }

    void stage(Stage judged, String words) {
        stage = judged;
        stageReason = words;
    }

    /** {@code possible} are the checks that can be made for a worker of this stage here. */
    void due(List<Check> checks, List<Check> possible, Selection selected) {
        due = checks;
        all = possible;
        selection = selected;
    }

    void shutdowns(List<String> lines) {
        shutdowns = lines;
    }

    void soak(SoakReport made) {
        soak = Optional.of(made);
    }

    void unjudgeable(String why, List<String> lastStderr) {
        unjudgeable = why;
        stderr = lastStderr;
    }

    /** As {@link #unjudgeable}, of a worker that was started and did not answer as it must. */
    void unanswered(String why, List<String> lastStderr) {
        unjudgeable(why, lastStderr);
        unanswered = true;
    }

    void handshakeFailed(String rule) {
        broken = rule;
    }

    /** Whether it says anything against the worker that stands in no log. */
    boolean blames() {
        return !broken.isEmpty()
                || unanswered
                || soak.filter(it -> !it.findings().isEmpty()).isPresent();
    }

    static Verdict counts(RunOptions options, Contract contract, Failure failure) {
        if (failure.known()) {
            return Verdict.EXPECTED;
        }
        return contract.rule(failure.rule()).level() == Level.MUST || options.strict()
                ? Verdict.FAILED
                : Verdict.WARNED;
    }

    /** What the judge's host or the judge itself failed at: then nothing that was seen is the worker's fault for certain. */
    void judgeFailed(String why) {
        judgeFailed = true;
        unjudgeable = "the judge failed, not the worker: " + why;
        stderr = List.of();
    }

    RunReport report(
            RunLog log, RunFacts facts, String stop, boolean failedFast, int processes, CpuTime cpu, Duration took) {
        List<Failure> failures = judgeFailed ? List.of() : log.failures();
        List<Finding> findings = failures.stream()
                .map(failure -> new Finding(failure, counts(options, contract, failure)))
                .toList();
        List<CheckResult> results = log.results();
        String stopWords = !stop.isEmpty() ? stop : failedFast ? "stopped at the first failure (--fail-fast)" : "";
        List<RuleReport> rules = contract.rules().stream()
                .map(rule -> rule(rule, findings, results, stopWords))
                .toList();
        List<String> errors = errors(results);
        boolean all = stopWords.isEmpty() && areAllMade(findings, results);
        List<KnownFailures.Entry> stale = judgeFailed
                ? List.of()
                : known.stale(
                        log.failures(),
                        results,
                        id -> all
                                && rules.stream()
                                        .anyMatch(rule -> rule.rule().id().equals(id) && isWhole(rule)));
        return new RunReport(
                options,
                stage == null ? "" : stage.id(),
                stageReason,
                rules,
                findings,
                stale,
                known.flaky(log.failures()),
                shutdowns,
                errors,
                soak,
                stopWords,
                unjudgeable,
                judgeFailed,
                stderr,
                facts,
                startedAt,
                took,
                processes,
                cpu);
    }

    /** Each reason once, behind the checks that it has kept from being made. */
    private static List<String> errors(List<CheckResult> results) {
        Map<String, List<String>> byReason = results.stream()
                .filter(result -> result.outcome() == Outcome.ERROR)
                .collect(Collectors.groupingBy(
                        CheckResult::reason,
                        LinkedHashMap::new,
                        Collectors.mapping(CheckResult::id, Collectors.toList())));
        return byReason.entrySet().stream()
                .map(error -> String.join(", ", error.getValue()) + ": " + error.getKey())
                .toList();
    }

    /**
     * Whether every check was made as far as it goes: only then what any of them may come upon was looked for. One that a new failure has
     * ended was not. The ranks of a worker that finds no CUDA on this host are asked for less than elsewhere.
     */
    private boolean areAllMade(List<Finding> findings, List<CheckResult> results) {
        boolean chosen = options.only().isEmpty()
                && options.skip().isEmpty()
                && options.tries() >= RunOptions.DEFAULT_TRIES
                && stage != Stage.NO_CUDA
                && (stage != Stage.COLLECTIVE || !options.commIdCommand().isEmpty());
        Set<String> failing = findings.stream()
                .filter(finding -> finding.counts() == Verdict.FAILED)
                .map(finding -> finding.failure().check())
                .collect(Collectors.toSet());
        return chosen
                && results.size() == due.size()
                && results.stream()
                        .allMatch(result -> result.isComplete()
                                || (result.outcome() == Outcome.FAILED && !failing.contains(result.id())));
    }

    /** Whether every check of a rule was made: only then does a failure that is missing mean that it is fixed. */
    private boolean isWhole(RuleReport rule) {
        long made = rule.checks().stream()
                .filter(check -> check.outcome() == Outcome.PASSED || check.outcome() == Outcome.FAILED)
                .count();
        long ofRule = all.stream()
                .filter(check -> check.rule().equals(rule.rule().id()))
                .count();
        return rule.verdict().isJudged() && made == ofRule;
    }

    private RuleReport rule(Rule rule, List<Finding> findings, List<CheckResult> results, String stop) {
        List<CheckResult> mine = results.stream()
                .filter(result -> result.rule().equals(rule.id()))
                .toList();
        List<Verdict> counted = findings.stream()
                .filter(finding -> finding.failure().rule().equals(rule.id()))
                .map(Finding::counts)
                .toList();
        long wanted =
                due.stream().filter(check -> check.rule().equals(rule.id())).count();
        if (!rule.isJudged()) {
            return new RuleReport(rule, Verdict.NOT_JUDGED, "it binds this project's own worker only", mine);
        }
        if (counted.contains(Verdict.FAILED)) {
            return new RuleReport(rule, Verdict.FAILED, "", mine);
        }
        List<CheckResult> failed = mine.stream()
                .filter(result -> result.outcome() == Outcome.ERROR)
                .toList();
        if (!failed.isEmpty() && unjudgeable.isEmpty()) {
            return new RuleReport(rule, Verdict.ERROR, failed.getFirst().reason(), mine);
        }
        for (Verdict bad : List.of(Verdict.WARNED, Verdict.EXPECTED)) {
            if (counted.contains(bad)) {
                return new RuleReport(rule, bad, whatIsLeft(mine), mine);
            }
        }
        if (!unjudgeable.isEmpty()) {
            return new RuleReport(rule, Verdict.MISSING, "the worker could not be judged", mine);
        }
        if (!broken.isEmpty()) {
            String why = "the worker breaks " + broken + ", which every check stands on";
            return new RuleReport(rule, Verdict.SKIPPED, why, mine);
        }
        if (mine.size() < wanted || (stage == null && !stop.isEmpty())) {
            return new RuleReport(rule, Verdict.MISSING, stop, mine);
        }
        if (wanted == 0) {
            return new RuleReport(rule, Verdict.SKIPPED, whyNotDue(rule), mine);
        }
        return mine.stream()
                .filter(result -> result.outcome() == Outcome.SKIPPED)
                .findFirst()
                .map(result -> new RuleReport(rule, Verdict.SKIPPED, result.reason(), mine))
                .orElseGet(() -> new RuleReport(rule, Verdict.PASSED, "", mine));
    }

    /** What failures that do not fail the run may hide. */
    private static String whatIsLeft(List<CheckResult> checks) {
        return checks.stream()
                .filter(result -> result.outcome() == Outcome.FAILED)
                .map(CheckResult::reason)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String whyNotDue(Rule rule) {
        if (stage != null && !rule.stages().contains(stage)) {
            return "not of stage " + stage.id();
        }
        if (!Versions.isIn(rule.since(), options.contractVersion())) {
            return "added in contract version " + rule.since();
        }
        boolean taken = selection != null
                && all.stream().anyMatch(check -> check.rule().equals(rule.id()) && selection.takes(check));
        return taken ? "nothing to check" : "left out by --only or --skip";
    }
}
