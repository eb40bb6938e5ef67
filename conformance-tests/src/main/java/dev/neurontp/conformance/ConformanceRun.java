package dev.neurontp.conformance;

import dev.neurontp.conformance.catalogue.Catalogue;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckRunner;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.check.GroupOptions;
import dev.neurontp.conformance.check.HandshakeException;
import dev.neurontp.conformance.check.PrerequisiteException;
import dev.neurontp.conformance.check.ReplyShape;
import dev.neurontp.conformance.check.RunLog;
import dev.neurontp.conformance.check.VersionQuery;
import dev.neurontp.conformance.check.WorkerLauncher;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.contract.Rule;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.CpuTime;
import dev.neurontp.conformance.process.HostLimits;
import dev.neurontp.conformance.process.LaunchSettings;
import dev.neurontp.conformance.process.Standstill;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.soak.Soak;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run of the suite against one worker command. {@link #run} is called once; {@link #stop} by any thread. */
public final class ConformanceRun {

    /** What {@link #stop} is told where a person or the system ends the run. */
    public static final String INTERRUPTED = RunReport.INTERRUPTED;

    private static final Duration LEAST_STANDSTILL = Duration.ofMillis(500);
    private static final Duration MOST_STANDSTILL = Duration.ofSeconds(1);

    private final RunOptions options;
    private final Listener listener;
    private final Contract contract = Contract.load();
    private final List<Check> checks;
    private final Selection selection;
    private final KnownFailures known;
    private final WorkerLauncher launcher;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile String stopped = "";
    private volatile boolean failFast;
    private String workerVersion = "";

    /**
     * Prepares a run.
     *
     * @throws RunOptions.UsageException if the options cannot be used
     */
    public ConformanceRun(RunOptions options, Listener listener) {
        this(options, LaunchSettings.INHERITED, listener);
    }

    /**
     * Prepares a run whose processes are started with these settings.
     *
     * @throws RunOptions.UsageException if the options cannot be used
     */
    public ConformanceRun(RunOptions options, LaunchSettings settings, Listener listener) {
        this.options = options;
        this.listener = listener;
        this.checks = Catalogue.checks(contract);
        this.selection = new Selection(options, contract.rules(), checks);
        this.known = options.knownFailures()
                .map(file -> KnownFailures.read(file, contract, checks))
                .orElseGet(KnownFailures::none);
        this.launcher = new WorkerLauncher(options.command(), settings.withLaunched(options.launched()));
        Versions.require(options.contractVersion(), contract.version());
    }

    /** Stops the run where it is; {@link #run} then returns with what there is. The first reason is told, but for {@link #INTERRUPTED}. */
    public void stop(String why) {
        synchronized (this) {
            stopped = stopped.isEmpty() || why.equals(INTERRUPTED) ? why : stopped;
        }
        launcher.close();
    }

    /** Waits until the run is over and all its processes are ended. */
    public boolean awaitOver(Duration time) throws InterruptedException {
        return over.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs the suite. Ends every process that it started before it returns. */
    public RunReport run() {
        Instant startedAt = Instant.now();
        long start = System.nanoTime();
        CpuTime cpu = CpuTime.now();
        HostLimits limits = HostLimits.now();
        Thread watch = watch();
        Assessment assessment = new Assessment(options, contract, known, checks, startedAt);
        RunLog log = new RunLog(this::countsIncidentally, known, this::rerun, this::failed, () -> !stopped.isEmpty());
        GroupOptions group = new GroupOptions(options.commIdCommand(), options.worldSizes());
        try (Standstill standstill = Standstill.watch();
                CheckRunner runner = new CheckRunner(
                        launcher,
                        contract,
                        log,
                        options.seed(),
                        options.tries(),
                        options.timeout(),
                        options.startTimeout(),
                        options.idle(),
                        group)) {
            drive(runner, assessment, log);
            judged(assessment, log, limits, standstill.longest());
        } finally {
            watch.interrupt();
            over.countDown();
        }
        String version = options.contractVersion().isEmpty() ? contract.version() : options.contractVersion();
        RunFacts facts = RunFacts.here(version, workerVersion, options.launched());
        return assessment.report(
                log,
                facts,
                stopped,
                failFast,
                launcher.started(),
                CpuTime.now().since(cpu),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private void drive(CheckRunner runner, Assessment assessment, RunLog log) {
        try {
            Optional<String> broken = runner.meet(options.stage().orElse(null));
            if (broken.isPresent()) {
                assessment.handshakeFailed(broken.get());
                return;
            }
            assessment.stage(runner.stage(), runner.stageReason());
            listener.met(
                    runner.stage().id(),
                    runner.stageReason(),
                    runner.firstReply().toMillis());
            List<Check> due = due(runner.stage(), assessment);
            VersionQuery version = VersionQuery.ask(options.timeout(), launcher);
            runner.run(due, options.jobs(), this::mayGoOn, new CheckRunner.Progress() {
                @Override
                public void begins(Check check) {
                    listener.begins(check);
                }

                @Override
                public void done(Check check, int done) {
                    listener.done(check, done, due.size());
                }
            });
            assessment.shutdowns(runner.shutDownShared());
            if (!options.soak().isZero() && mayGoOn()) {
                List<String> maker = runner.stage() == Stage.COLLECTIVE ? options.commIdCommand() : List.of();
                Soak soak = new Soak(
                        launcher,
                        options.soak(),
                        options.timeout(),
                        options.startTimeout(),
                        maker,
                        new ReplyShape(contract));
                assessment.soak(soak.run(log::found, log::said, this::mayGoOn));
            }
            workerVersion = version.answer();
        } catch (HandshakeException e) {
            if (stopped.isEmpty()) {
                assessment.unanswered(e.getMessage(), e.stderr());
            }
        } catch (StartFailure | PrerequisiteException e) {
            assessment.unjudgeable(e.getMessage(), List.of());
        } catch (WorkerLauncher.StoppedException e) {
            assessment.unjudgeable(stopped.isEmpty() ? e.getMessage() : "", List.of());
        } catch (RuntimeException | Error e) {
            log.judgeFailed(e);
        }
    }

    /** A worker inherits the judge's limits, and a judge that runs out of something, or stands still, hears less than was said. */
    private void judged(Assessment assessment, RunLog log, HostLimits before, Duration standstill) {
        boolean blames = log.isAnythingWrong()
                || assessment.blames()
                || log.judgeFailure().isPresent();
        String lowered = HostLimits.now().loweredSince(before);
        if (!lowered.isEmpty() && blames) {
            assessment.judgeFailed("its limits, which workers inherit, were lowered while it ran (" + lowered + ")");
        } else if (standstill.compareTo(mostStandstill()) >= 0 && blames) {
            assessment.judgeFailed(
                    "it stood still for " + standstill.toMillis() + " ms, as a process does that is stopped"
                            + " (Ctrl-Z, docker pause) or gets no CPU time, and what a worker did then was not seen in time");
        } else {
            log.judgeFailure().ifPresent(e -> assessment.judgeFailed("it could not go on (" + e + ")"));
        }
    }

    /** So long that a right worker may be late for it; what a loaded host does to the judge is far below. */
    private Duration mostStandstill() {
        Duration timeout = options.timeout().compareTo(LEAST_STANDSTILL) > 0 ? options.timeout() : LEAST_STANDSTILL;
        return timeout.compareTo(MOST_STANDSTILL) < 0 ? timeout : MOST_STANDSTILL;
    }

    private List<Check> due(Stage stage, Assessment assessment) {
        boolean groups = stage == Stage.COLLECTIVE && !options.commIdCommand().isEmpty();
        List<Check> possible =
                checks.stream().filter(check -> groups || !check.needsGroup()).toList();
        List<Check> due = possible.stream()
                .filter(check -> selection.takes(check) && isDue(contract.rule(check.rule()), stage))
                .toList();
        assessment.due(due, possible, selection);
        return due;
    }

    private boolean isDue(Rule rule, Stage stage) {
        return rule.isJudged()
                && rule.stages().contains(stage)
                && Versions.isIn(rule.since(), options.contractVersion());
    }

    private boolean countsIncidentally(String rule) {
        return selection.takesRule(rule)
                && contract.rule(rule).isJudged()
                && Versions.isIn(contract.rule(rule).since(), options.contractVersion());
    }

    private boolean mayGoOn() {
        return stopped.isEmpty() && !failFast;
    }

    private void failed(Failure failure) {
        listener.failed(failure);
        if (options.failFast() && Assessment.counts(options, contract, failure) == Verdict.FAILED) {
            failFast = true;
        }
    }

    private Thread watch() {
        return Thread.ofPlatform().daemon().name("max-time").start(() -> {
            try {
                Thread.sleep(options.maxTime().plus(options.soak()));
                stop(RunReport.OUT_OF_TIME);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private String rerun(String... patterns) {
        return RerunLine.of(options, patterns);
    }
}
