package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Launch;
import dev.neurontp.conformance.process.LaunchSettings;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Starts workers and knows those that live, so that none is left behind. Any thread. */
public final class WorkerLauncher implements AutoCloseable {

    /** How often those that live are looked at. */
    private static final Duration SAMPLES = Duration.ofMillis(20);

    private static final long SAMPLER_STACK = 256 * 1024;
    private static final Duration STOPPING = Duration.ofMillis(500);
    /** A start takes milliseconds, on a busy host a second. */
    private static final Duration LAST_START = Duration.ofSeconds(5);

    /** What the shell of {@link #startUnread} says first, behind words of its own about a locale. */
    public static final String SHELL_BEGINS = "begins";

    private final List<String> command;
    private final LaunchSettings settings;
    private volatile boolean repliesBearOp;
    private final Set<WorkerProcess> living = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReadWriteLock starting = new ReentrantReadWriteLock();
    private final AtomicBoolean sampled = new AtomicBoolean();

    /** A launcher of workers that this command starts, with these settings. */
    public WorkerLauncher(List<String> command, LaunchSettings settings) {
        this.command = List.copyOf(command);
        this.settings = settings;
    }

    /** From now on an object without op is a line that nobody asked for, and no reply. */
    void requireOp() {
        repliesBearOp = true;
    }

    /** Starts a worker with these arguments behind the command, and these variables in addition to the inherited ones. */
    public WorkerProcess start(List<String> arguments, Map<String, String> environment, boolean stdoutClosed)
            throws StartFailure {
        return launch(worker(command, arguments, environment, stdoutClosed));
    }

    private Launch worker(
            List<String> own, List<String> arguments, Map<String, String> environment, boolean stdoutClosed) {
        List<String> line = new ArrayList<>(own);
        line.addAll(arguments);
        return new Launch(line, own.size(), environment, settings, stdoutClosed, () -> repliesBearOp);
    }

    /** The same half a second later, when all that it may say is listened for. */
    public WorkerProcess startLate(List<String> arguments) throws StartFailure {
        List<String> late = new ArrayList<>(List.of("/bin/sh", "-c", "command sleep 0.5; exec \"$0\" \"$@\""));
        late.addAll(command);
        return launch(worker(late, arguments, Map.of(), false));
    }

    /** One without a reader, as the child of a shell, which says on stderr that it begins, and then by which signal its child ended. */
    public WorkerProcess startUnread(List<String> arguments) throws StartFailure {
        // The shell itself would say it there, too, if it were not a child of it whose stderr is another.
        List<String> told = new ArrayList<>(
                List.of("/bin/sh", "-c", "echo " + SHELL_BEGINS + " >&2; (exec \"$0\" \"$@\") 2>/dev/null; exit $?"));
        told.addAll(command);
        return launch(worker(told, arguments, Map.of(), true));
    }

    /** Starts any other command with the same settings, under the same care. */
    public WorkerProcess launch(List<String> other) throws StartFailure {
        return launch(Launch.of(other, settings));
    }

    private WorkerProcess launch(Launch launch) throws StartFailure {
        try {
            return start(launch);
        } catch (StartFailure e) {
            if (isStopping(e)) {
                throw new StoppedException();
            }
            throw e;
        }
    }

    private WorkerProcess start(Launch launch) throws StartFailure {
        starting.readLock().lock();
        try {
            if (isClosed()) {
                throw new StoppedException();
            }
            WorkerProcess worker = WorkerProcess.start(launch);
            started.incrementAndGet();
            living.add(worker);
            sample();
            return worker;
        } finally {
            starting.readLock().unlock();
        }
    }

    /** Where the host gives no thread for it, what workers have used is not known. */
    private void sample() {
        if (sampled.getAndSet(true)) {
            return;
        }
        Thread sampler = new Thread(null, this::takeSamples, "cpu-samples", SAMPLER_STACK);
        sampler.setDaemon(true);
        try {
            sampler.start();
        } catch (OutOfMemoryError _) {
            return; // the judge goes on without it
        }
    }

    private void takeSamples() {
        try {
            while (!closed.await(SAMPLES.toMillis(), TimeUnit.MILLISECONDS)) {
                living.forEach(WorkerProcess::look);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ctrl-C reaches a process that is being started too, and ends it before this one hears of it. */
    private boolean isStopping(StartFailure e) {
        try {
            return e.getCause() != null && closed.await(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends one worker and all that it started. */
    public void end(WorkerProcess worker) {
        worker.close();
        living.remove(worker);
    }

    /** Whether the command is a launcher that carries the worker's pipes. */
    boolean isLaunched() {
        return settings.launched();
    }

    /** How many processes were started so far. */
    public int started() {
        return started.get();
    }

    /** How many of them are running, as far as nobody has ended them. */
    int running() {
        return living.size();
    }

    /** Whether no worker is started any more. */
    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /**
     * Ends every worker, and lets none start after. One that is being started is waited for, since it would be left behind; but not one
     * whose program is on a file system that answers nothing, which the guard ends if it ever starts.
     */
    @Override
    public void close() {
        closed.countDown();
        boolean none = isNoneStarting();
        try {
            // One after the other: at the end of a run the host may have no thread for more.
            living.forEach(this::endAnyway);
        } finally {
            if (none) {
                starting.writeLock().unlock();
            }
        }
    }

    /** What keeps one from being ended keeps no other, nor the report of the run; the guard ends what is left with the judge. */
    private void endAnyway(WorkerProcess worker) {
        try {
            end(worker);
        } catch (RuntimeException | OutOfMemoryError _) {
            living.remove(worker);
        }
    }

    private boolean isNoneStarting() {
        try {
            return starting.writeLock().tryLock(LAST_START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The run was stopped while a check wanted a worker. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the run was stopped", null, false, false);
        }
    }
}
