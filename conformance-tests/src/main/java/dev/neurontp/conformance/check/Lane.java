package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.CheckResult.Outcome;
import dev.neurontp.conformance.check.Generation.Drawn;
import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs checks one after another and says what became of each. One thread. */
final class Lane implements AutoCloseable {

    private static final int BATCH = 50;
    private static final int SHRINK_RUNS = 60;
    private static final Duration SHRINK_TIME = Duration.ofSeconds(5);

    private final RunContext scene;
    private final RunLog log;
    private final int tries;
    private final SharedWorker shared;

    /** A lane; its first shared worker may be one that was met before, or null. */
    Lane(RunContext scene, RunLog log, int tries, WorkerProcess met) {
        this.scene = scene;
        this.log = log;
        this.tries = tries;
        this.shared = new SharedWorker(scene, log, met);
    }

    void run(Check check) {
        long start = System.nanoTime();
        CheckResult result;
        try {
            result = switch (check) {
                case Check.Examples examples -> examples(examples);
                case Check.Property property -> property(property);
                case Check.Own own -> own(own);
            };
        } catch (WorkerLauncher.StoppedException e) {
            return;
        } catch (StartFailure | NotAWorker e) {
            result = of(check, Outcome.TROUBLE, "a worker that started before does not now: " + e.getMessage(), 0);
        } catch (Unready e) {
            result = of(check, Outcome.TROUBLE, e.getMessage(), 0);
        } catch (RuntimeException e) {
            result = of(check, Outcome.TROUBLE, "the suite failed: " + e + at(e), 0);
        }
        if (!scene.fleet().isClosed()) {
            log.add(result.taking((System.nanoTime() - start) / 1_000_000));
        }
    }

    private CheckResult examples(Check.Examples check) throws StartFailure, NotAWorker {
        int cases = 0;
        boolean failed = false;
        for (Script script : check.scripts()) {
            cases++;
            RuleViolation breach = failed ? shared.runOn(check, script) : shared.run(check, script);
            if (breach != null && !breach.rule().equals(check.rule())) {
                return unjudgeable(check, breach, cases);
            }
            if (breach != null) {
                failed = true;
                log.breach(check, breach, false, shared.evidence());
            }
        }
        return of(check, failed ? Outcome.FAILED : Outcome.PASSED, "", cases);
    }

    private CheckResult property(Check.Property check) throws StartFailure, NotAWorker {
        int cases = 0;
        List<Drawn> batch = List.of();
        Set<String> brokenBeside = new HashSet<>();
        for (int number = 0; number < tries; number++) {
            if (number % BATCH == 0) {
                batch = scene.generation().draw(check, number, Math.min(BATCH, tries - number));
            }
            Drawn drawn = batch.get(number % BATCH);
            if (drawn.script().isAbout(brokenBeside)) {
                continue;
            }
            cases++;
            RuleViolation breach = shared.run(check, drawn.script());
            if (breach == null) {
                continue;
            }
            if (breach.rule().equals(check.rule())) {
                Smallest smallest = shrink(check, drawn, breach);
                log.breach(check, smallest.breach(), true, smallest.evidence());
                return of(check, Outcome.FAILED, "", cases);
            }
            if (breach.sight() != RuleViolation.Sight.REPLY) {
                return unjudgeable(check, breach, cases);
            }
            // A wrong reply to a line that is another rule's matter: that rule's failure, and no reason to stop here.
            Smallest smallest = shrink(check, drawn, breach);
            log.beside(check.id(), smallest.breach(), true, smallest.evidence());
            brokenBeside.add(breach.rule());
        }
        return of(check, Outcome.PASSED, "", cases);
    }

    private CheckResult unjudgeable(Check check, RuleViolation breach, int cases) {
        log.beside(check.id(), breach, shared.evidence());
        return of(check, Outcome.SKIPPED, "it cannot be judged: the worker breaks " + breach.rule(), cases);
    }

    /** The smallest script that was found to fail in the same way. */
    private record Smallest(RuleViolation breach, Evidence evidence) {}

    private Smallest shrink(Check.Property check, Drawn failing, RuleViolation first) throws StartFailure, NotAWorker {
        Drawn smallest = failing;
        RuleViolation breach = first;
        Evidence kept = shared.evidence();
        long end = System.nanoTime() + SHRINK_TIME.toNanos();
        int runs = 0;
        boolean smaller = true;
        while (smaller && runs < SHRINK_RUNS && System.nanoTime() < end) {
            smaller = false;
            for (Drawn candidate : scene.generation().smaller(smallest, SHRINK_RUNS)) {
                if (runs++ >= SHRINK_RUNS || System.nanoTime() >= end) {
                    break;
                }
                RuleViolation next = shared.run(check, candidate.script());
                if (next != null && next.rule().equals(first.rule())) {
                    smallest = candidate;
                    breach = next;
                    kept = shared.evidence();
                    smaller = true;
                    break;
                }
            }
        }
        return new Smallest(breach, kept);
    }

    private CheckResult own(Check.Own check) throws StartFailure {
        try (CheckContext life =
                new CheckContext(scene, check.rule(), scene.generation().random(check.id(), 0), tries)) {
            RuleViolation breach = null;
            try {
                check.body().judge(life);
            } catch (RuleViolation e) {
                breach = e;
            }
            if (scene.fleet().isClosed()) {
                throw new WorkerLauncher.StoppedException();
            }
            int cases = life.workers().size();
            life.besides().forEach(beside -> {
                if (beside.rule().equals(check.rule())) {
                    log.breach(check, beside, false, beside.evidence());
                } else {
                    log.beside(check.id(), beside, beside.evidence());
                }
            });
            if (breach != null) {
                log.breach(check, breach, false, breach.evidence());
                return of(check, Outcome.FAILED, "", cases);
            }
            boolean own =
                    life.besides().stream().anyMatch(beside -> beside.rule().equals(check.rule()));
            String skipped = life.skipped() == null ? "" : life.skipped();
            Outcome outcome = own ? Outcome.FAILED : skipped.isEmpty() ? Outcome.PASSED : Outcome.SKIPPED;
            return of(check, outcome, skipped, cases);
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
        return new CheckResult(check.id(), check.rule(), outcome, reason, cases, 0);
    }

    private static String at(RuntimeException e) {
        return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
    }
}
