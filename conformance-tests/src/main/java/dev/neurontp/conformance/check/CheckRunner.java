package dev.neurontp.conformance.check;

import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Meets a worker, runs checks against it on several lanes, and closes what they shared. One thread drives it. */
public final class CheckRunner implements AutoCloseable {

    private final WorkerLauncher launcher;
    private final ReplyShape shape;
    private final RunLog log;
    private final Duration timeout;
    private final Duration idle;
    private final int tries;
    private final GroupOptions group;
    private final Generation generation;
    private final InitialHandshake handshake;
    private final List<WorkerProcess> shared = new ArrayList<>();

    /** A runner; the seed decides every case. */
    public CheckRunner(
            WorkerLauncher launcher,
            Contract contract,
            RunLog log,
            long seed,
            int tries,
            Duration timeout,
            Duration startTimeout,
            Duration idle,
            GroupOptions group) {
        this.launcher = launcher;
        this.shape = new ReplyShape(contract);
        this.log = log;
        this.timeout = timeout;
        this.idle = idle;
        this.tries = tries;
        this.group = group;
        this.generation = new Generation(seed);
        this.handshake = new InitialHandshake(
                launcher,
                shape,
                timeout,
                startTimeout,
                (violation, worker) -> log.incidental("", violation, RunLog.Evidence.of(worker, 0)));
    }

    /** Hears of checks. */
    public interface Progress {
        /** One begins. */
        void begins(Check check);

        /** One is over. */
        void done(Check check, int done);
    }

    /**
     * Meets the worker for the first time.
     *
     * @param stage the stage to judge it as, or null to ask
     * @return the rule that it breaks, which keeps it from being judged further; empty where it can be
     * @throws HandshakeException if it does not answer as a worker does
     */
    public Optional<String> meet(Stage stage) throws HandshakeException, StartFailure {
        try {
            handshake.run(stage);
            return Optional.empty();
        } catch (RuleViolation violation) {
            if (launcher.isClosed()) {
                throw new WorkerLauncher.StoppedException();
            }
            log.incidental("", violation, RunLog.Evidence.none());
            return Optional.of(violation.rule());
        } catch (HandshakeException e) {
            if (!e.isHeldBack()) {
                throw e;
            }
            RuleViolation violation =
                    new RuleViolation("F7", "{\"op\":\"ping\"}", "each reply at once", e.getMessage());
            log.incidental("", violation, new RunLog.Evidence(0, e.stderr(), "", e.transcript()));
            return Optional.of(violation.rule());
        }
    }

    /** The stage that the worker is judged as; after {@link #meet}. */
    public Stage stage() {
        return handshake.baseline().stage();
    }

    /** How the stage is known. */
    public String stageReason() {
        return handshake.stageReason();
    }

    /** How long the first process took to its first reply. */
    public Duration firstReply() {
        return handshake.firstReply();
    }

    /** Runs the checks, as many at a time as told, for as long as it may go on. */
    public void run(List<Check> checks, int jobs, BooleanSupplier mayGoOn, Progress progress) {
        Timeouts timeouts = Timeouts.of(timeout, handshake.firstReply(), launcher::running);
        List<Check> background =
                checks.stream().filter(Check.Background.class::isInstance).toList();
        RunContext run = new RunContext(
                launcher, shape, timeouts, handshake.baseline(), group, new GroupTimes(), idle, mayGoOn, generation);
        Queue<Check> waiting = new ConcurrentLinkedQueue<>(checks);
        waiting.removeAll(background);
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (Check check : background) {
            threads.add(start(check.id(), () -> {
                try (Lane lane = new Lane(run, log, tries, null)) {
                    runOn(lane, check, progress, done);
                }
            }));
        }
        for (int i = 0; i < Math.min(jobs, checks.size()); i++) {
            WorkerProcess met = handshake.takeWorker();
            threads.add(start("lane-" + i, () -> {
                try (Lane lane = new Lane(run, log, tries, met)) {
                    for (Check check = next(waiting, mayGoOn); check != null; check = next(waiting, mayGoOn)) {
                        runOn(lane, check, progress, done);
                    }
                    WorkerProcess left = lane.handOver();
                    if (left != null) {
                        synchronized (shared) {
                            shared.add(left);
                        }
                    }
                }
            }));
        }
        threads.forEach(CheckRunner::join);
    }

    /** Whatever ends it is told: the checks that it had to make are not made. */
    private Thread start(String name, Runnable lane) {
        return Thread.ofPlatform()
                .daemon()
                .name(name)
                .uncaughtExceptionHandler((_, e) -> log.judgeFailed(e))
                .start(lane);
    }

    private static void runOn(Lane lane, Check check, Progress progress, AtomicInteger done) {
        progress.begins(check);
        lane.run(check);
        progress.done(check, done.incrementAndGet());
    }

    private static Check next(Queue<Check> waiting, BooleanSupplier mayGoOn) {
        return mayGoOn.getAsBoolean() ? waiting.poll() : null;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the workers that checks shared, in turn by shutdown and by end of input; a line for each. */
    public List<String> shutDownShared() {
        List<String> lines = new ArrayList<>();
        synchronized (shared) {
            for (int i = 0; i < shared.size() && !launcher.isClosed(); i++) {
                WorkerShutdown shutdown = new WorkerShutdown(shared.get(i), shape, timeout);
                lines.add(shutdown.close(i % 2 == 0));
                if (launcher.isLaunched() && !shutdown.violations().isEmpty()) {
                    LauncherFailure.of(shared.get(i)).ifPresent(words -> {
                        throw new PrerequisiteException(words);
                    });
                }
                shutdown.violations()
                        .forEach(violation -> log.incidental(
                                violation.rule().equals("L1") ? "L1.*" : "L2.*", violation, shutdown.evidence()));
                launcher.end(shared.get(i));
            }
        }
        return lines;
    }

    @Override
    public void close() {
        launcher.close();
        generation.close();
    }
}
