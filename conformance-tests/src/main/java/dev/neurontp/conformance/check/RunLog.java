package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.CheckResult.Outcome;
import dev.neurontp.conformance.process.HostShortage;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Gathers what the checks of a run find. Any thread. */
public final class RunLog {

    /** Ends the name of a failure that checks of other rules came upon. */
    public static final String ALWAYS = ".always";
    /** Begins the name of what a random check found: the rest names a class of lines. */
    public static final String RANDOM = "(random) ";

    private final Predicate<String> judgedRule;
    private final Known known;
    private final RerunCommand rerun;
    private final Consumer<Failure> onFailure;
    private final Map<String, Failure> failures = new LinkedHashMap<>();
    private final List<CheckResult> results = new ArrayList<>();
    private final AtomicReference<String> judgeFailure = new AtomicReference<>();
    private final BooleanSupplier isStopped;
    private volatile boolean leftOut;

    /**
     * A log.
     *
     * @param judgedRule which rules a check of another rule may report
     * @param known which failures are expected
     * @param onFailure hears each failure when it is first seen
     * @param isStopped whether the run was stopped from outside: what comes then does not count
     */
    public RunLog(
            Predicate<String> judgedRule,
            Known known,
            RerunCommand rerun,
            Consumer<Failure> onFailure,
            BooleanSupplier isStopped) {
        this.judgedRule = judgedRule;
        this.known = known;
        this.rerun = rerun;
        this.onFailure = onFailure;
        this.isStopped = isStopped;
    }

    /** Which failures are expected. */
    @FunctionalInterface
    public interface Known {
        /** Whether this example may fail; the class is what is particular about its line, or empty. */
        boolean expects(String rule, String check, String example, String lineClass);
    }

    /** What ran, as a line to paste. */
    @FunctionalInterface
    public interface RerunCommand {
        /** The command that runs only what these patterns name; without any, the whole run. */
        String only(String... patterns);
    }

    /** The judge itself failed, by an error that no check expects: the first one stays. */
    public void judgeFailed(Throwable e) {
        judgeFailure.compareAndSet(null, e instanceof HostShortage ? e.getMessage() : e.toString());
    }

    /** Why the judge itself failed, if it did. */
    public Optional<String> judgeFailure() {
        return Optional.ofNullable(judgeFailure.get());
    }

    /** Whether a rule was broken, one that is not judged too, or the suite failed at a check. */
    public synchronized boolean isAnythingWrong() {
        return leftOut || !failures.isEmpty() || count(Outcome.ERROR) > 0;
    }

    void add(CheckResult result) {
        synchronized (this) {
            results.add(result);
        }
    }

    /** A violation of the rule that a check is about. */
    void violation(Check check, RuleViolation violation, boolean shrunk, Evidence evidence) {
        add(check, check.id(), violation, shrunk, evidence, rerun.only(check.id()));
    }

    /** A violation that a check of another rule came upon. */
    void incidental(Check seenIn, RuleViolation violation, boolean shrunk, Evidence evidence) {
        incidental(seenIn, seenIn.id(), violation, shrunk, evidence);
    }

    /** A violation that was seen outside of all checks; the pattern names checks that show it again, or is empty. */
    void incidental(String pattern, RuleViolation violation, Evidence evidence) {
        incidental(null, pattern, violation, false, evidence);
    }

    /** A violation that only the whole run shows; it counts whatever rules were selected. */
    public void found(RuleViolation violation, WorkerProcess worker) {
        RuleViolation whole = violation.onlyInARun();
        add(null, whole.rule() + ALWAYS, whole, false, Evidence.of(worker, 0), "");
    }

    /** The same, of the form of what a worker has said; it counts where its rule was selected. */
    public void said(RuleViolation violation, WorkerProcess worker) {
        incidental("", violation.onlyInARun(), Evidence.of(worker, 0));
    }

    private void incidental(Check seenIn, String pattern, RuleViolation violation, boolean shrunk, Evidence evidence) {
        if (judgedRule.test(violation.rule())) {
            String again = pattern.isEmpty() ? rerun.only(violation.rule()) : rerun.only(violation.rule(), pattern);
            add(seenIn, violation.rule() + ALWAYS, violation, shrunk, evidence, again);
        } else {
            leftOut = true;
        }
    }

    private void add(Check check, String id, RuleViolation violation, boolean shrunk, Evidence evidence, String again) {
        if (isStopped.getAsBoolean()) {
            // All workers are being ended: what is seen of them now is not their doing.
            return;
        }
        String command = violation.isOnlyInARun()
                ? rerun.only() + "  # " + id + " alone may not show it: it takes what the process went through before"
                : again;
        boolean drawn = violation.isDrawn() || (check instanceof Check.Property && !violation.isOnlyInARun());
        boolean random = drawn && violation.isOfLines();
        String lineClass = violation.line() == null || violation.desync() != null
                ? ""
                : LineClass.of(violation.line().bytes()).words();
        String name = random ? classOf(violation, lineClass) : exampleOf(violation);
        String example = drawn ? RANDOM + name : name;
        String about = lineClass.isEmpty() ? "" : lineClass + ": ";
        boolean isKnown = known.expects(violation.rule(), id, example, lineClass);
        String message = id + ": " + about + "expected " + violation.expected();
        String key = message + random + isKnown;
        Failure failure;
        synchronized (this) {
            Failure before = failures.get(key);
            if (before != null) {
                failures.put(key, before.again(id.endsWith(ALWAYS) ? before.sent() : violation.sent(), example));
                return;
            }
            failure = new Failure(
                    violation.rule(),
                    id,
                    message,
                    violation.observation().type(),
                    lineClass,
                    random,
                    isKnown,
                    List.of(example),
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
            failures.put(key, failure);
        }
        onFailure.accept(failure);
    }

    /** The same for every line of its class, and for every conversation: another seed finds another. */
    private static String classOf(RuleViolation violation, String lineClass) {
        if (violation.desync() != null) {
            return violation.desync().words();
        }
        return lineClass.isEmpty() ? violation.observation().type() : lineClass;
    }

    private static String exampleOf(RuleViolation violation) {
        return violation.example() == null ? violation.expected() : violation.example();
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
