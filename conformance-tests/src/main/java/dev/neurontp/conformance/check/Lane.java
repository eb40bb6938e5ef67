package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.CheckResult.Outcome;
import dev.neurontp.conformance.check.Generation.Drawn;
import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.HostShortage;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Runs checks one after another and says what became of each. One thread. */
final class Lane implements AutoCloseable {

    private static final Set<String> ABOUT_REPLIES = Set.of("F1", "F1s", "O9", "O10");

    private static final int BATCH = 50;
    private static final int SHRINK_RUNS = 60;
    private static final int MOST_KINDS = 12;
    private static final String NOT_ALL = "not all examples were tried: after an error this worker answers nothing";
    private static final String CANNOT_BE_JUDGED = "it cannot be judged: the worker breaks ";
    private static final String ENDED = "a failure has ended its check: what would come after it was not tried";
    private static final String STOPPED = "not all examples were tried: the run was stopped";
    private static final int MOST_WITH_A_START_EACH = 20;
    /** For all that one check finds. */
    private static final Duration SHRINK_TIME = Duration.ofSeconds(5);

    private final RunContext run;
    private final RunLog log;
    private final int tries;
    private final SharedWorker shared;
    private int ownStarts;
    private Duration ownCpu = Duration.ZERO;

    /** A lane; its first shared worker may be one that was met before, or null. */
    Lane(RunContext run, RunLog log, int tries, WorkerProcess met) {
        this.run = run;
        this.log = log;
        this.tries = tries;
        this.shared = new SharedWorker(run, log, met);
    }

    void run(Check check) {
        Instant startedAt = Instant.now();
        long start = System.nanoTime();
        int before = starts();
        Duration cpuBefore = cpu();
        CheckResult result;
        try {
            result = switch (check) {
                case Check.Examples examples -> examples(examples);
                case Check.Property property -> property(property);
                case Check.Own own -> own(own, own.body());
                case Check.Background background -> own(background, background.body());
            };
        } catch (WorkerLauncher.StoppedException e) {
            return;
        } catch (StartFailure | HandshakeException e) {
            result = of(check, Outcome.ERROR, "a worker that started before does not now: " + e.getMessage(), 0);
        } catch (PrerequisiteException e) {
            result = of(check, Outcome.ERROR, e.getMessage(), 0);
        } catch (HostShortage e) {
            log.judgeFailed(e);
            return;
        } catch (RuntimeException e) {
            result = of(check, Outcome.ERROR, "the suite failed: " + e + at(e), 0);
        } catch (Error e) {
            log.judgeFailed(e);
            return;
        }
        if (!run.launcher().isClosed()) {
            log.add(result.taking(
                    starts() - before, cpu().minus(cpuBefore), startedAt, (System.nanoTime() - start) / 1_000_000));
        }
    }

    private int starts() {
        return ownStarts + shared.starts();
    }

    /** Of all processes so far, for the checks that were run here. */
    private Duration cpu() {
        return ownCpu.plus(shared.cpu());
    }

    private CheckResult examples(Check.Examples check) throws StartFailure, HandshakeException {
        int cases = 0;
        boolean failed = false;
        for (Script script : check.scripts()) {
            cases++;
            RuleViolation violation = failed ? shared.runOn(check, script) : shared.run(check, script);
            Evidence evidence = shared.evidence();
            violation = violation == null ? null : shared.locate(check, script, violation);
            violation = violation == null ? null : ofItsLine(check, violation);
            if (violation != null && !violation.rule().equals(check.rule())) {
                return unjudgeable(check, violation, cases);
            }
            if (violation != null) {
                failed = true;
                log.violation(check, violation, false, evidence);
                if (violation.observation() == RuleViolation.Observation.SILENCE
                        && run.timeouts().isDeafAfterErrors()) {
                    return of(check, Outcome.FAILED, NOT_ALL, cases).incomplete();
                }
                if (!run.mayGoOn().getAsBoolean()) {
                    return of(check, Outcome.FAILED, STOPPED, cases).incomplete();
                }
            }
        }
        return of(check, failed ? Outcome.FAILED : Outcome.PASSED, "", cases);
    }

    /** A rule about what stands in a reply is not broken by a worker that ends in place of it: that of the line is. */
    private static RuleViolation ofItsLine(Check check, RuleViolation violation) {
        boolean ended = violation.observation() == RuleViolation.Observation.END && violation.line() != null;
        String rule = ended && ABOUT_REPLIES.contains(check.rule())
                ? LineClass.of(violation.line().bytes()).rule()
                : "";
        return rule.isEmpty() ? violation : violation.of(rule);
    }

    private CheckResult property(Check.Property check) throws StartFailure, HandshakeException {
        int cases = 0;
        List<Drawn> batch = List.of();
        Set<String> brokenElsewhere = new HashSet<>();
        Set<String> seen = new HashSet<>();
        boolean failed = false;
        long end = System.nanoTime() + SHRINK_TIME.toNanos();
        for (int number = 0; number < most() && seen.size() < MOST_KINDS; number++) {
            if (number % BATCH == 0) {
                batch = run.generation().draw(check, number, Math.min(BATCH, tries - number));
            }
            Drawn drawn = batch.get(number % BATCH);
            if (drawn.script().isAbout(brokenElsewhere)) {
                continue;
            }
            cases++;
            RuleViolation violation = failed ? shared.runOn(check, drawn.script()) : shared.run(check, drawn.script());
            if (violation == null || seen.contains(kind(violation))) {
                continue;
            }
            boolean wrongReply = violation.observation() == RuleViolation.Observation.REPLY;
            if (!violation.rule().equals(check.rule()) && !wrongReply && violation.desync() == null) {
                return unjudgeable(check, violation, cases);
            }
            if (seen.isEmpty()) {
                end = System.nanoTime() + SHRINK_TIME.toNanos();
            }
            Smallest smallest = shrink(check, drawn, violation, end);
            seen.add(kind(smallest.violation()));
            if (smallest.violation().rule().equals(check.rule())) {
                failed = true;
                log.violation(check, smallest.violation(), true, smallest.evidence());
            } else if (wrongReply) {
                // A wrong reply to a line that is another rule's matter: that rule's failure, and no reason to stop
                // here.
                log.incidental(check, smallest.violation(), true, smallest.evidence());
                brokenElsewhere.add(smallest.violation().rule());
            } else {
                return unjudgeable(check, smallest.violation(), cases);
            }
            if (!wrongReply) {
                break;
            }
        }
        return of(check, failed ? Outcome.FAILED : Outcome.PASSED, "", cases);
    }

    /** A worker that each error costs is started anew for every case: then a few say as much as many. */
    private int most() {
        return run.timeouts().isDeafAfterErrors() ? Math.min(tries, MOST_WITH_A_START_EACH) : tries;
    }

    /** What was told once need not be made small again. */
    private static String kind(RuleViolation violation) {
        String lineClass = violation.line() == null
                ? ""
                : LineClass.of(violation.line().bytes()).words();
        return violation.rule() + violation.observation() + lineClass;
    }

    private CheckResult unjudgeable(Check check, RuleViolation violation, int cases) {
        log.incidental(check, violation, false, shared.evidence());
        return of(check, Outcome.SKIPPED, CANNOT_BE_JUDGED + violation.rule(), cases);
    }

    /** The smallest script that was found to fail in the same way: one of another class may be known, and would hide this one. */
    private record Smallest(RuleViolation violation, Evidence evidence) {}

    private Smallest shrink(Check.Property check, Drawn failing, RuleViolation first, long end)
            throws StartFailure, HandshakeException {
        Drawn smallest = failing;
        RuleViolation violation = first;
        Evidence kept = shared.evidence();
        int runs = 0;
        boolean smaller = true;
        while (smaller && runs < SHRINK_RUNS && System.nanoTime() < end) {
            smaller = false;
            for (Drawn candidate : run.generation().smaller(smallest, SHRINK_RUNS)) {
                if (runs++ >= SHRINK_RUNS || System.nanoTime() >= end) {
                    break;
                }
                RuleViolation next = shared.run(check, candidate.script());
                if (next != null && kind(next).equals(kind(first))) {
                    smallest = candidate;
                    violation = next;
                    kept = shared.evidence();
                    smaller = true;
                    break;
                }
            }
        }
        return new Smallest(shared.locate(check, smallest.script(), violation), kept);
    }

    private CheckResult own(Check check, Check.Body body) throws StartFailure {
        try (CheckContext context =
                new CheckContext(run, check.rule(), run.generation().random(check.id(), 0), tries)) {
            RuleViolation violation = null;
            try {
                body.judge(context);
            } catch (RuleViolation e) {
                violation = e;
            } finally {
                ownStarts += context.workers().size();
                ownCpu = context.workers().stream().map(WorkerProcess::cpuTime).reduce(ownCpu, Duration::plus);
            }
            if (run.launcher().isClosed()) {
                throw new WorkerLauncher.StoppedException();
            }
            int cases = context.workers().size();
            String launcher = context.launcherFailure().orElse("");
            if (!launcher.isEmpty()
                    && (violation != null || !context.incidentals().isEmpty())) {
                return of(check, Outcome.ERROR, launcher, cases);
            }
            boolean mayBeTheMakers = Stream.concat(Stream.ofNullable(violation), context.incidentals().stream())
                    .anyMatch(RuleViolation::isWithoutSuccess);
            String maker = mayBeTheMakers ? context.makerFailure().orElse("") : "";
            context.incidentals().forEach(incidental -> {
                if (!maker.isEmpty() && incidental.isWithoutSuccess()) {
                    return;
                }
                if (incidental.rule().equals(check.rule())) {
                    log.violation(check, incidental, false, incidental.evidence());
                } else {
                    log.incidental(check, incidental, false, incidental.evidence());
                }
            });
            if (!maker.isEmpty() && (violation == null || violation.isWithoutSuccess())) {
                return of(check, Outcome.ERROR, maker, cases);
            }
            if (violation != null && !violation.rule().equals(check.rule())) {
                log.incidental(check, violation, false, violation.evidence());
                return of(check, Outcome.SKIPPED, CANNOT_BE_JUDGED + violation.rule(), cases);
            }
            if (violation != null) {
                log.violation(check, violation, false, violation.evidence());
                return of(check, Outcome.FAILED, ENDED, cases);
            }
            boolean own = context.incidentals().stream()
                    .anyMatch(incidental -> incidental.rule().equals(check.rule()));
            String skipped = context.skipped() == null ? "" : context.skipped();
            Outcome outcome = own ? Outcome.FAILED : skipped.isEmpty() ? Outcome.PASSED : Outcome.SKIPPED;
            CheckResult result = of(check, outcome, skipped, cases);
            return context.isPartial() ? result.incomplete() : result;
        }
    }

    /** The shared worker, handed over to be closed in good order; null where there is none. */
    WorkerProcess handOver() {
        return shared.handOver();
    }

    @Override
    public void close() {
        shared.close();
    }

    private static CheckResult of(Check check, Outcome outcome, String reason, int cases) {
        boolean complete = outcome == Outcome.PASSED || (outcome == Outcome.FAILED && check instanceof Check.Examples);
        return new CheckResult(
                check.id(), check.rule(), outcome, reason, cases, 0, Duration.ZERO, complete, Instant.EPOCH, 0);
    }

    private static String at(RuntimeException e) {
        return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
    }
}
