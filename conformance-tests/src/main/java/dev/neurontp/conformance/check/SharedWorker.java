package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RuleViolation.Desync;
import dev.neurontp.conformance.check.RunLog.Evidence;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The worker that the scripts of one lane share. It is replaced as soon as requests and replies no longer match, and
 * a violation counts only if a process without a past commits it too. One thread.
 */
final class SharedWorker implements AutoCloseable {

    private final RunContext run;
    private final RunLog log;
    private Session session;
    private int starts;
    private Duration cpuOfEnded = Duration.ZERO;
    private Evidence evidence = Evidence.none();

    /** The first process may be one that was met before, or null. */
    SharedWorker(RunContext run, RunLog log, WorkerProcess met) {
        this.run = run;
        this.log = log;
        this.session = met == null ? null : new Session(met, run.baseline(), run.shape());
    }

    /** How many processes it has started so far. */
    int starts() {
        return starts;
    }

    /** What they have used so far, one that was met before included. */
    Duration cpu() {
        return session == null ? cpuOfEnded : cpuOfEnded.plus(session.worker().cpuTime());
    }

    /** How the worker looked when the last violation was seen. */
    Evidence evidence() {
        return evidence;
    }

    /** Runs a script for a check; the violation that counts, or null. Violations of other rules go to the log. */
    RuleViolation run(Check check, Script script) throws StartFailure, HandshakeException {
        return run(check, script, false);
    }

    /** The same in a check of which a fresh process broke the rule before: an old one needs no proof of that kind again. */
    RuleViolation runOn(Check check, Script script) throws StartFailure, HandshakeException {
        return run(check, script, true);
    }

    private RuleViolation run(Check check, Script script, boolean proven) throws StartFailure, HandshakeException {
        Session current = session();
        RuleViolation violation = once(current, check, script);
        boolean suspect = violation != null || (!current.isTrusted() && !current.isRetired() && !script.isLenient());
        boolean believed = proven
                && violation != null
                && violation.rule().equals(check.rule())
                && violation.observation() == RuleViolation.Observation.REPLY
                && current.isTrusted();
        if (suspect && !believed && current.hasHistory()) {
            Evidence before = evidence;
            List<RuleViolation> incidentals = current.incidentals();
            int scripts = current.scripts();
            RuleViolation first = violation;
            discard();
            Session fresh = session();
            violation = once(fresh, check, script);
            if (violation == null && fresh.isTrusted()) {
                evidence = before;
                return worn(script, scripts, seen(first, incidentals));
            }
            current = fresh;
        }
        current.incidentals().forEach(incidental -> log.incidental(check, incidental, false, evidence));
        return violation == null || violation.afterError() == null ? violation : orOfTheError(check, violation);
    }

    /** Where a worker is lost with the error before, that breaks O8, whatever the line was that got no reply. */
    private RuleViolation orOfTheError(Check check, RuleViolation violation) throws StartFailure, HandshakeException {
        Evidence before = evidence;
        discard();
        Session fresh = session();
        RuleViolation wrong = once(fresh, check, Script.of(violation.afterError()));
        List<RuleViolation> lost = fresh.incidentals().stream()
                .filter(incidental -> incidental.rule().equals("O8"))
                .toList();
        if (wrong == null && fresh.isRetired()) {
            return new RuleViolation("O8", violation.sent(), "a reply to each line after an error", violation.got())
                    .silent();
        }
        if (wrong != null || lost.isEmpty()) {
            evidence = before;
            return violation;
        }
        return lost.getFirst();
    }

    /**
     * The same violation with the line that is to blame, which a fresh process is asked for. Others are returned as they are:
     * those of a wrong reply too, unless the line alone is answered well.
     */
    RuleViolation locate(Check check, Script script, RuleViolation violation) throws StartFailure, HandshakeException {
        if (violation.desync() != null) {
            discard();
            Session fresh = session();
            RuleViolation located = new DesyncLocator(fresh, script).locate(violation);
            fresh.distrust();
            return located;
        }
        boolean wrongReply = violation.observation() == RuleViolation.Observation.REPLY && violation.line() != null;
        if (!wrongReply || !script.isPipelined() || script.lines().size() < 2) {
            return violation;
        }
        Script alone = Script.of(violation.line());
        return once(session(), check, alone) == null
                ? new RuleViolation(
                                "F4",
                                violation.sent(),
                                violation.expected(),
                                violation.got() + "\nlikely cause  mixed up: this line alone is answered well")
                        .about(violation.line())
                        .outOfStep(Desync.SWAPPED, violation.lineNumber())
                : violation;
    }

    /** What only an old process does is a failure to serve on, whatever was being checked. */
    private static RuleViolation worn(Script script, int scripts, String seen) {
        return new RuleViolation(
                        "F4",
                        script.describe() + "\nas number " + scripts + " in one process",
                        "the same in an old process as in a fresh one, which answers this well",
                        seen)
                .example("a process with a past")
                .onlyInARun();
    }

    private static String seen(RuleViolation violation, List<RuleViolation> incidentals) {
        if (!incidentals.isEmpty()) {
            return incidentals.getLast().getMessage();
        }
        return violation == null ? "a process that is out of step" : violation.got();
    }

    private RuleViolation once(Session current, Check check, Script script) {
        RuleViolation violation = null;
        try {
            new ScriptRun(current, check.rule(), script, run.timeouts()).run();
        } catch (RuleViolation e) {
            violation = e;
        }
        if (run.launcher().isClosed()) {
            throw new WorkerLauncher.StoppedException();
        }
        if (violation != null && run.launcher().isLaunched()) {
            LauncherFailure.of(current.worker()).ifPresent(words -> {
                throw new PrerequisiteException(words);
            });
        }
        if (violation != null || !current.incidentals().isEmpty()) {
            evidence = new Evidence(
                    current.worker().nowMillis(),
                    current.worker().lastStderr(),
                    current.worker().ending().map(Object::toString).orElse("it was still running"),
                    current.transcript());
        }
        return violation;
    }

    private Session session() throws StartFailure, HandshakeException {
        if (session != null && !session.isTrusted()) {
            discard();
        }
        if (session == null) {
            WorkerProcess worker = run.launcher().start(Identity.SHARED.arguments(), Map.of(), false);
            starts++;
            StartupProbe probe = new StartupProbe(worker, StartupProbe.LATER);
            try {
                probe.ping(run.timeouts().start());
            } catch (HandshakeException e) {
                run.launcher().end(worker);
                throw e;
            }
            session = new Session(worker, run.baseline(), run.shape());
        }
        return session;
    }

    private void discard() {
        if (session != null) {
            cpuOfEnded = cpu();
            run.launcher().end(session.worker());
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
