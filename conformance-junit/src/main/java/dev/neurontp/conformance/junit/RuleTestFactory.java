package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.contract.Level;
import dev.neurontp.conformance.contract.Rule;
import dev.neurontp.conformance.process.LogText;
import dev.neurontp.conformance.report.FailureText;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** Makes tests of what a run found: one for each rule that is judged, and one for each known failure that is none any more. */
final class RuleTestFactory {

    private final RunReport report;
    private final ShouldPolicy should;

    /**
     * A factory of tests.
     *
     * @param isFirst whether it is the first of this run, which tells all; the others then tell no more than a line
     * @throws org.opentest4j.AssertionFailedError if the worker could not be judged at all, or the run is no pass and no test says so
     */
    RuleTestFactory(RunReport report, ShouldPolicy should, boolean isFirst) {
        this.report = report;
        this.should = should;
        if (!report.unjudgeable().isEmpty()) {
            String words = "the worker could not be judged at all: " + report.unjudgeable();
            throw RuleTest.failed(isFirst ? words + "\n" + FailureText.unjudgeable(report) : words);
        }
        if (!report.untold().isEmpty()) {
            throw RuleTest.failed(report.untold());
        }
    }

    /** All tests, in a container for each chapter. */
    Stream<DynamicNode> chapters() {
        return Arrays.stream(Chapter.values())
                .map(chapter ->
                        DynamicContainer.dynamicContainer(chapter.toString(), of(rule -> Chapter.of(rule) == chapter)));
    }

    /** The tests of one chapter and level. */
    Stream<DynamicNode> of(Chapter chapter, Level level) {
        return of(rule -> Chapter.of(rule) == chapter && rule.level() == level);
    }

    private Stream<DynamicNode> of(Predicate<Rule> wanted) {
        Stream<DynamicNode> rules = report.rules().stream()
                .filter(rule -> rule.verdict() != Verdict.NOT_JUDGED && wanted.test(rule.rule()))
                .map(rule -> new RuleTest(report, rule, should))
                .map(test -> DynamicTest.dynamicTest(test.name(), test));
        Stream<DynamicNode> stale = report.stale().stream()
                .filter(entry -> wanted.test(rule(entry)))
                .map(RuleTestFactory::staleTest);
        return Stream.concat(rules, stale);
    }

    private Rule rule(KnownFailures.Entry entry) {
        return report.rules().stream()
                .map(RunReport.RuleReport::rule)
                .filter(rule -> rule.id().equals(entry.rule()))
                .findFirst()
                .orElseThrow();
    }

    private static DynamicNode staleTest(KnownFailures.Entry entry) {
        return DynamicTest.dynamicTest(LogText.of("known failure " + entry), () -> {
            throw RuleTest.failed(entry + " " + FailureText.STALE);
        });
    }
}
