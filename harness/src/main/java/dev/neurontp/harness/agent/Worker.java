package dev.neurontp.harness.agent;

import dev.neurontp.harness.agent.record.AgentRecord;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.LeftBehind;
import dev.neurontp.harness.process.OutOfMemory;
import dev.neurontp.harness.process.PipeEnd;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessMark;
import dev.neurontp.harness.process.WorkerCommand;
import dev.neurontp.harness.process.WorkerGuard;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** The worker of an agent: its process, its stdin, its end. Any thread. */
final class Worker {
    /** From the end of its stdin to SIGKILL. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final Duration KILL = Duration.ofSeconds(2);
    private static final int KILLED = 137;

    private final AtomicReference<String> reason = new AtomicReference<>("");
    private final CountDownLatch over = new CountDownLatch(1);
    private final ReentrantLock writing = new ReentrantLock();
    /** Held while it is started. */
    private final ReentrantLock starting = new ReentrantLock();

    private final LeftBehind left = new LeftBehind();
    private volatile Optional<OutOfMemory> outOfMemory = Optional.empty();
    private volatile ChildProcess child;
    private volatile ProcessIdentity identity;
    private volatile boolean killed;

    /**
     * Starts it, in a session of its own where the host can do that, with this process's stdout and stderr.
     *
     * @throws IOException when it cannot be started
     */
    void start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(checked(command).inOwnSession())
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        guard();
        starting.lock();
        try {
            ChildProcess started = ChildProcess.start(builder, ProcessMark.AGENT_VARIABLE);
            identity = ProcessIdentity.ofKnown(started.process().pid());
            child = started;
        } finally {
            starting.unlock();
        }
    }

    private static WorkerCommand checked(List<String> command) throws IOException {
        try {
            return WorkerCommand.of(command);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Has another process end it should this one be killed: before it starts, since it may be killed at any time after. */
    private static void guard() {
        try {
            WorkerGuard.ensure(ProcessMark.AGENT_VARIABLE);
        } catch (IOException e) {
            Stderr.say("neuron: a SIGKILL of this agent may leave its worker behind: " + e.getMessage());
        }
    }

    /** Looks at what is counted in its control group. Once started. */
    void watch() {
        outOfMemory = OutOfMemory.watch(identity.pid());
    }

    ProcessIdentity identity() {
        return identity;
    }

    /** Empty before the start. */
    OptionalLong pid() {
        return child == null ? OptionalLong.empty() : OptionalLong.of(identity.pid());
    }

    /** Waits until it has taken these bytes; false when it takes no more. */
    boolean take(byte[] bytes, int length) {
        writing.lock();
        try {
            child.process().getOutputStream().write(bytes, 0, length);
            child.process().getOutputStream().flush();
            return true;
        } catch (IOException _) {
            return false; // it has closed its stdin, or has ended
        } finally {
            writing.unlock();
        }
    }

    /** Ends it in bounded steps; the first call says why, and does it. Where none was started this process ends. */
    void end(String why) {
        if (!reason.compareAndSet("", why)) {
            return;
        }
        haltBeforeTheStart(why);
        try {
            remember();
            closeStdin();
            if (!child.process().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                remember();
                killed = true;
                child.kill(Deadline.in(KILL));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is about to start must be known, or not start any more. */
    private void haltBeforeTheStart(String why) {
        starting.lock();
        try {
            if (child == null) {
                Stderr.say("neuron: " + why + ": nothing was started");
                Stderr.flush();
                Runtime.getRuntime().halt(ExitCode.USAGE);
            }
        } finally {
            starting.unlock();
        }
    }

    /** The same, and waits until all is said. */
    void endAndAwait(String why) {
        end(why);
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for its end, however long, and ends what it has left behind. */
    AgentRecord.End await(String token) throws InterruptedException {
        int exit = child.process().waitFor();
        boolean outOfMemoryKill = exit == KILLED
                && !killed
                && outOfMemory.filter(OutOfMemory::justHappened).isPresent();
        synchronized (left) {
            left.end(table -> child.leftBehind(identity, table));
            left.end(table -> child.stdinHolders(identity, table));
            return new AgentRecord.End(
                    token,
                    exit,
                    reason.get(),
                    outOfMemoryKill,
                    left.names(),
                    left.stillRunning(),
                    left.unseen().orElse(""));
        }
    }

    /** All is said. */
    void over() {
        WorkerGuard.dismiss();
        over.countDown();
    }

    /** Its children lose it as their parent when it ends. */
    private void remember() {
        synchronized (left) {
            left.rememberDescendants(identity);
        }
    }

    /** Not behind a write that the worker does not take. */
    private void closeStdin() {
        PipeEnd.close(writing, child.process().getOutputStream());
    }
}
