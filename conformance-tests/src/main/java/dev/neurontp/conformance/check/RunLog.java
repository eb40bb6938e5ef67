package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.CheckResult.Outcome;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Gathers what the checks of a run find. Any thread. */
public final class RunLog {

    /** Ends the name of a failure that checks of other rules came upon. */
    public static final String ALWAYS = ".always";

    private final Predicate<String> judgedRule;
    private final RerunCommand rerun;
    private final Consumer<Failure> onFailure;
    private final Map<String, Failure> failures = new LinkedHashMap<>();
    private final List<CheckResult> results = new ArrayList<>();

    /**
     * A log.
     *
     * @param judgedRule which rules a check of another rule may report
     * @param onFailure hears each failure when it is first seen
     */
    public RunLog(Predicate<String> judgedRule, RerunCommand rerun, Consumer<Failure> onFailure) {
        this.judgedRule = judgedRule;
        this.rerun = rerun;
        this.onFailure = onFailure;
    }

    /** What ran, as a line to paste. */
    @FunctionalInterface
    public interface RerunCommand {
        /** The command that runs only what these patterns name. */
        String only(String... patterns);
    }

    void add(CheckResult result) {
        synchronized (this) {
            results.add(result);
        }
    }

    /** A violation of the rule that a check is about. */
    void violation(Check check, RuleViolation violation, boolean shrunk, Evidence evidence) {
        add(check.id(), violation, shrunk, evidence, rerun.only(check.id()));
    }

    /** A violation that a check of another rule came upon; an empty id stands for the first contact. */
    void incidental(String seenIn, RuleViolation violation, Evidence evidence) {
        incidental(seenIn, violation, false, evidence);
    }

    void incidental(String seenIn, RuleViolation violation, boolean shrunk, Evidence evidence) {
        if (judgedRule.test(violation.rule())) {
            String again = seenIn.isEmpty() ? rerun.only(violation.rule()) : rerun.only(violation.rule(), seenIn);
            add(violation.rule() + ALWAYS, violation, shrunk, evidence, again);
        }
    }

    private void add(String check, RuleViolation violation, boolean shrunk, Evidence evidence, String command) {
        String message = check + ": expected " + violation.expected();
        Failure failure;
        synchronized (this) {
            Failure before = failures.get(message);
            if (before != null) {
                failures.put(message, before.again(check.endsWith(ALWAYS) ? before.sent() : violation.sent()));
                return;
            }
            failure = new Failure(
                    violation.rule(),
                    check,
                    message,
                    violation.sent(),
                    violation.expected(),
                    violation.got(),
                    Cause.of(violation, evidence),
                    evidence.atMillis(),
                    evidence.stderr(),
                    evidence.ending(),
                    shrunk,
                    command,
                    1,
                    List.of(),
                    evidence.transcript());
            failures.put(message, failure);
        }
        onFailure.accept(failure);
    }

    /** What was found so far. */
    public synchronized List<Failure> failures() {
        return List.copyOf(failures.values());
    }

    /** What became of the checks so far. */
    public synchronized List<CheckResult> results() {
        return List.copyOf(results);
    }

    synchronized long count(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    /** What a worker's pipes and its end say about a moment. */
    record Evidence(long atMillis, List<String> stderr, String ending, List<String> transcript) {

        static Evidence of(WorkerProcess worker, long mark) {
            return new Evidence(
                    worker.nowMillis(),
                    worker.lastStderr(),
                    worker.ending().map(Object::toString).orElse("it was still running"),
                    worker.transcript().since(mark));
        }

        static Evidence none() {
            return new Evidence(0, List.of(), "", List.of());
        }
    }
}
