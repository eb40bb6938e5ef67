package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.CheckResult.Outcome;
import dev.neurontp.conformance.check.Generation.Drawn;
import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.CannotStart;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs checks one after another. Those that share a worker share this lane's; it is replaced as soon as requests
 * and replies no longer match, and a failure counts only if a fresh process fails the same way. One thread.
 */
final class Lane implements AutoCloseable {

    private static final int BATCH = 50;
    private static final int SHRINK_RUNS = 60;
    private static final Duration SHRINK_TIME = Duration.ofSeconds(5);

    private final Scene scene;
    private final RunLog log;
    private final int tries;
    private Session session;
    private Evidence evidence = Evidence.none();

    /** A lane; its first shared worker may be one that was met before, or null. */
    Lane(Scene scene, RunLog log, int tries, WorkerProcess met) {
        this.scene = scene;
        this.log = log;
        this.tries = tries;
        this.session = met == null ? null : new Session(met, scene.baseline(), scene.shape());
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
        } catch (Fleet.StoppedException e) {
            return;
        } catch (CannotStart | NotAWorker e) {
            result = of(check, Outcome.TROUBLE, "a worker that started before does not now: " + e.getMessage(), 0);
        } catch (RuntimeException e) {
            result = of(check, Outcome.TROUBLE, "the suite failed: " + e + at(e), 0);
        }
        if (!scene.fleet().isClosed()) {
            log.add(new CheckResult(
                    result.id(),
                    result.rule(),
                    result.outcome(),
                    result.reason(),
                    result.cases(),
                    (System.nanoTime() - start) / 1_000_000));
        }
    }

    private CheckResult examples(Check.Examples check) throws CannotStart, NotAWorker {
        int cases = 0;
        boolean failed = false;
        for (Script script : check.scripts()) {
            cases++;
            Breach breach = attempt(check, script);
            if (breach != null && !breach.rule().equals(check.rule())) {
                log.beside(check.id(), breach, evidence);
                return of(check, Outcome.SKIPPED, "it cannot be judged: the worker breaks " + breach.rule(), cases);
            }
            if (breach != null) {
                failed = true;
                log.breach(check, breach, false, evidence);
            }
        }
        return of(check, failed ? Outcome.FAILED : Outcome.PASSED, "", cases);
    }

    private CheckResult property(Check.Property check) throws CannotStart, NotAWorker {
        int cases = 0;
        List<Drawn> batch = List.of();
        while (cases < tries) {
            if (cases % BATCH == 0) {
                batch = scene.generation().draw(check, cases, Math.min(BATCH, tries - cases));
            }
            Drawn drawn = batch.get(cases % BATCH);
            cases++;
            Breach breach = attempt(check, drawn.script());
            if (breach != null && !breach.rule().equals(check.rule())) {
                log.beside(check.id(), breach, evidence);
                return of(check, Outcome.SKIPPED, "it cannot be judged: the worker breaks " + breach.rule(), cases);
            }
            if (breach != null) {
                shrink(check, drawn, breach);
                return of(check, Outcome.FAILED, "", cases);
            }
        }
        return of(check, Outcome.PASSED, "", cases);
    }

    private void shrink(Check.Property check, Drawn failing, Breach first) throws CannotStart, NotAWorker {
        Drawn smallest = failing;
        Breach breach = first;
        Evidence kept = evidence;
        long end = System.nanoTime() + SHRINK_TIME.toNanos();
        int runs = 0;
        boolean smaller = true;
        while (smaller && runs < SHRINK_RUNS && System.nanoTime() < end) {
            smaller = false;
            for (Drawn candidate : scene.generation().smaller(smallest, SHRINK_RUNS)) {
                if (runs++ >= SHRINK_RUNS || System.nanoTime() >= end) {
                    break;
                }
                Breach next = attempt(check, candidate.script());
                if (next != null && next.rule().equals(check.rule())) {
                    smallest = candidate;
                    breach = next;
                    kept = evidence;
                    smaller = true;
                    break;
                }
            }
        }
        log.breach(check, breach, true, kept);
    }

    /** Runs a script; a breach counts only if a process without a past commits it too. */
    private Breach attempt(Check check, Script script) throws CannotStart, NotAWorker {
        Session current = session();
        Breach breach = once(current, check, script);
        boolean suspect = breach != null || (!current.isTrusted() && !script.isLenient());
        if (suspect && current.hasHistory()) {
            List<Breach> besides = current.sideBreaches();
            Evidence before = evidence;
            int scripts = current.scripts();
            discard();
            Session fresh = session();
            breach = once(fresh, check, script);
            if (breach == null && fresh.isTrusted()) {
                String what =
                        besides.isEmpty() ? "a wrong reply" : besides.getLast().getMessage();
                evidence = before;
                return new Breach(
                        "F4",
                        script.describe() + "\nas number " + scripts + " in one process",
                        "the same in an old process as in a fresh one, which answers this well",
                        what);
            }
            current = fresh;
        }
        current.sideBreaches().forEach(beside -> log.beside(check.id(), beside, evidence));
        return breach;
    }

    private Breach once(Session current, Check check, Script script) {
        Breach breach = null;
        try {
            new ScriptRun(current, check.rule(), script, scene.pace().timeout()).run();
        } catch (Breach e) {
            breach = e;
        }
        if (scene.fleet().isClosed()) {
            throw new Fleet.StoppedException();
        }
        if (breach != null || !current.sideBreaches().isEmpty()) {
            evidence = new Evidence(
                    current.worker().nowMillis(),
                    current.worker().transcript().stderrTail(),
                    current.worker().ending().map(Object::toString).orElse("it was still running"),
                    current.transcript());
        }
        return breach;
    }

    private CheckResult own(Check.Own check) throws CannotStart {
        try (Life life = new Life(scene, check.rule(), scene.generation().random(check.id(), 0), tries)) {
            Breach breach = null;
            try {
                check.body().judge(life);
            } catch (Breach e) {
                breach = e;
            }
            if (scene.fleet().isClosed()) {
                throw new Fleet.StoppedException();
            }
            int cases = life.workers().size();
            Evidence seen =
                    cases == 0 ? Evidence.none() : Evidence.of(life.workers().getLast(), 0);
            life.besides().forEach(beside -> {
                if (beside.rule().equals(check.rule())) {
                    log.breach(check, beside, false, seen);
                } else {
                    log.beside(check.id(), beside, seen);
                }
            });
            if (breach != null) {
                log.breach(check, breach, false, seen);
                return of(check, Outcome.FAILED, "", cases);
            }
            boolean own =
                    life.besides().stream().anyMatch(beside -> beside.rule().equals(check.rule()));
            String skipped = life.skipped() == null ? "" : life.skipped();
            Outcome outcome = own ? Outcome.FAILED : skipped.isEmpty() ? Outcome.PASSED : Outcome.SKIPPED;
            return of(check, outcome, skipped, cases);
        }
    }

    private Session session() throws CannotStart, NotAWorker {
        if (session != null && !session.isTrusted()) {
            discard();
        }
        if (session == null) {
            WorkerProcess worker = scene.fleet().start(Identity.SHARED.arguments(), Map.of(), false);
            FirstContact contact = new FirstContact(worker);
            try {
                contact.ping(scene.pace().start());
            } catch (NotAWorker e) {
                scene.fleet().end(worker);
                throw e;
            }
            session = new Session(worker, scene.baseline(), scene.shape());
        }
        return session;
    }

    private void discard() {
        if (session != null) {
            scene.fleet().end(session.worker());
            session = null;
        }
    }

    /** The shared worker, handed over to be closed in good order; null where there is none. */
    WorkerProcess handOver() {
        WorkerProcess worker = session != null && session.isTrusted() ? session.worker() : null;
        if (worker == null) {
            discard();
        }
        session = null;
        return worker;
    }

    @Override
    public void close() {
        discard();
    }

    private static CheckResult of(Check check, Outcome outcome, String reason, int cases) {
        return new CheckResult(check.id(), check.rule(), outcome, reason, cases, 0);
    }

    private static String at(RuntimeException e) {
        return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
    }
}
