package dev.neurontp.harness.validate;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a run has found so far, and whether it is to end. One thread calls; any may call {@link #interrupt}. */
final class RunState {
    private static final int MOST_WORDS = 20;
    private static final List<String> REPEATED = List.of(Status.FAIL + " ", Status.WARN + " ");

    private final Consumer<CaseResult> listener;
    private final Optional<Duration> longest;
    private final Duration timeout;
    private final Instant startedAt = Instant.now();
    private final long began = System.nanoTime();
    private final List<CaseResult> results = new ArrayList<>();
    private ValidationReport.Stop stopped = ValidationReport.Stop.NO;
    private boolean groupLost;
    private long unkept;
    private boolean keepsAll = true;
    /** How often each status of each case was found. */
    private final SortedMap<String, Integer> seen = new TreeMap<>();

    private volatile boolean interrupted;

    /**
     * @param timeout of one run on a rank, as it was asked for
     */
    RunState(Optional<Duration> longest, Duration timeout, Consumer<CaseResult> listener) {
        this.timeout = timeout;
        this.longest = longest;
        this.listener = listener;
    }

    void add(CaseResult result) {
        int times = seen.merge(result.status() + " " + result.of().id(), 1, Integer::sum);
        boolean passed = result.status() == Status.PASS;
        if (keepsAll || (times == 1 && !passed)) {
            results.add(result);
            listener.accept(result);
        } else if (passed) {
            unkept++;
        }
    }

    /**
     * Whether all is kept that is found, or what passed is only counted, and of a case that fails, warns or is skipped again and again the
     * first time: hours of them would fill the memory.
     */
    void keepAll(boolean keep) {
        keepsAll = keep;
    }

    /** What failed or warned more than once, in words: at most twenty cases, and how many others. */
    List<String> repeated() {
        List<String> words = seen.entrySet().stream()
                .filter(one -> one.getValue() > 1 && REPEATED.stream().anyMatch(one.getKey()::startsWith))
                .map(one -> one.getKey() + ": " + one.getValue() + " times")
                .toList();
        List<String> first = new ArrayList<>(words.subList(0, Math.min(MOST_WORDS, words.size())));
        if (words.size() > MOST_WORDS) {
            first.add("and " + (words.size() - MOST_WORDS) + " others more than once");
        }
        return first;
    }

    /** How many passes were only counted. */
    long unkept() {
        return unkept;
    }

    List<CaseResult> results() {
        return results;
    }

    /** The results since there were that many. */
    List<CaseResult> since(int before) {
        return List.copyOf(results.subList(before, results.size()));
    }

    void interrupt() {
        interrupted = true;
    }

    /** A case in which the group was lost. */
    void lost(Case of, GroupLostException e) {
        // At Ctrl-C a pool ends itself as well (endOnExit), maybe before interrupt() is called.
        if (interrupted || e.why() == GroupLostException.Cause.ENDED) {
            interrupted = true;
            stopped = ValidationReport.Stop.INTERRUPTED;
            add(CaseResult.without(of, Status.SKIPPED, "interrupted", List.of()));
            return;
        }
        if (e.why() != GroupLostException.Cause.FAILED) {
            boolean busy = e.why() == GroupLostException.Cause.BUSY;
            stopped = busy ? ValidationReport.Stop.BUSY : ValidationReport.Stop.UNREACHABLE;
            String reason = busy ? "the pool is kept busy" : "the pool cannot be asked any more";
            add(CaseResult.without(
                    of, Status.SKIPPED, reason, e.getMessage().lines().toList()));
            return;
        }
        groupLost = true;
        List<String> evidence = new ArrayList<>(e.getMessage().lines().toList());
        allowed(of).ifPresent(evidence::add);
        add(CaseResult.without(of, Status.FAIL, "the group was lost", evidence));
    }

    /** How long a request of many runs was waited for, where that is more than the timeout of one. */
    private Optional<String> allowed(Case of) {
        return of.request()
                .filter(request -> request.timeoutMs() > timeout.toMillis())
                .map(request -> "--timeout " + Durations.format(timeout) + " is for one run; this request has "
                        + (request.checks() + request.warmup() + request.iterations()) + " runs and may take "
                        + Durations.time(Duration.ofMillis(request.timeoutMs())) + " on a rank");
    }

    boolean groupLost() {
        return groupLost;
    }

    void stop(ValidationReport.Stop why) {
        stopped = why;
    }

    /** Whether no other case is to begin. */
    boolean stoppedNow() {
        if (stopped != ValidationReport.Stop.NO) {
            return true;
        }
        if (interrupted) {
            stopped = ValidationReport.Stop.INTERRUPTED;
        } else if (longest.filter(time -> elapsed().compareTo(time) >= 0).isPresent()) {
            stopped = ValidationReport.Stop.OUT_OF_TIME;
        }
        return stopped != ValidationReport.Stop.NO;
    }

    ValidationReport.Stop stopped() {
        return stopped;
    }

    Instant startedAt() {
        return startedAt;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
