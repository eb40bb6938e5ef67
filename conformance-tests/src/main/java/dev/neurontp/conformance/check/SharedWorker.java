package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.List;
import java.util.Map;

/**
 * The worker that the scripts of one lane share. It is replaced as soon as requests and replies no longer match, and
 * a breach counts only if a process without a past commits it too. One thread.
 */
final class SharedWorker implements AutoCloseable {

    private final RunContext scene;
    private final RunLog log;
    private Session session;
    private Evidence evidence = Evidence.none();

    /** The first process may be one that was met before, or null. */
    SharedWorker(RunContext scene, RunLog log, WorkerProcess met) {
        this.scene = scene;
        this.log = log;
        this.session = met == null ? null : new Session(met, scene.baseline(), scene.shape());
    }

    /** How the worker looked when the last breach was seen. */
    Evidence evidence() {
        return evidence;
    }

    /** Runs a script for a check; the breach that counts, or null. Breaches of other rules go to the log. */
    RuleViolation run(Check check, Script script) throws StartFailure, NotAWorker {
        return run(check, script, false);
    }

    /** The same in a check of which a fresh process broke the rule before: an old one needs no proof of that kind again. */
    RuleViolation runOn(Check check, Script script) throws StartFailure, NotAWorker {
        return run(check, script, true);
    }

    private RuleViolation run(Check check, Script script, boolean proven) throws StartFailure, NotAWorker {
        Session current = session();
        RuleViolation breach = once(current, check, script);
        boolean suspect = breach != null || (!current.isTrusted() && !script.isLenient());
        boolean believed = proven
                && breach != null
                && breach.rule().equals(check.rule())
                && breach.sight() == RuleViolation.Sight.REPLY
                && current.isTrusted();
        if (suspect && !believed && current.hasHistory()) {
            Evidence before = evidence;
            List<RuleViolation> besides = current.sideBreaches();
            int scripts = current.scripts();
            discard();
            Session fresh = session();
            breach = once(fresh, check, script);
            if (breach == null && fresh.isTrusted()) {
                evidence = before;
                return worn(script, scripts, besides);
            }
            current = fresh;
        }
        current.sideBreaches().forEach(beside -> log.beside(check.id(), beside, evidence));
        return breach;
    }

    /** What only an old process does is a failure to serve on, whatever was being checked. */
    private static RuleViolation worn(Script script, int scripts, List<RuleViolation> besides) {
        return new RuleViolation(
                "F4",
                script.describe() + "\nas number " + scripts + " in one process",
                "the same in an old process as in a fresh one, which answers this well",
                besides.isEmpty() ? "a wrong reply" : besides.getLast().getMessage());
    }

    private RuleViolation once(Session current, Check check, Script script) {
        RuleViolation breach = null;
        try {
            new ScriptRun(current, check.rule(), script, scene.pace().timeout()).run();
        } catch (RuleViolation e) {
            breach = e;
        }
        if (scene.fleet().isClosed()) {
            throw new WorkerLauncher.StoppedException();
        }
        if (breach != null || !current.sideBreaches().isEmpty()) {
            evidence = new Evidence(
                    current.worker().nowMillis(),
                    current.worker().lastWords(),
                    current.worker().ending().map(Object::toString).orElse("it was still running"),
                    current.transcript());
        }
        return breach;
    }

    private Session session() throws StartFailure, NotAWorker {
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

    /** The process, handed over to be closed in good order; null where there is none that can be. */
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
}
