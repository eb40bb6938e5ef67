package dev.neurontp.harness.process;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.Standstill;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker's process and the threads that read its pipes. */
public final class WorkerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
    private static final int STACK_BYTES = 256 * 1024;
    /** Between the end of a stream and the exit, or the other way round; one of them can be missing altogether. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final Duration AGENT_LOOK = Duration.ofMillis(20);

    private final int rank;
    private final ChildProcess child;
    private final Process process;
    private final ProcessIdentity identity;
    private final Optional<OutOfMemory> memory;
    private final CompletableFuture<Boolean> outOfMemory = new CompletableFuture<>();
    private final Instant started = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final StderrTail stderr;
    private final Optional<AgentLink> agent;
    private final Optional<EndCommand> end;
    private final AtomicBoolean endReported = new AtomicBoolean();
    private volatile Consumer<String> silence = _ -> {};
    private volatile boolean endedFromHere;
    private volatile Thread stdoutThread;
    private volatile Thread stderrThread;
    /** Pipes of which the end that is read is the pipe's own, and not that of who has closed it here. */
    private final AtomicInteger readToTheirEnd = new AtomicInteger();

    /** Takes a child over; nothing of it is read before {@link #listen}. */
    public WorkerProcess(int rank, ChildProcess child, StderrListener listener) {
        this(rank, child, listener, Optional.empty(), Optional.empty());
    }

    /** The same for a launcher behind which an agent has the worker, with the command that ends what it has started. */
    public WorkerProcess(
            int rank,
            ChildProcess child,
            StderrListener listener,
            Optional<AgentLink> agent,
            Optional<EndCommand> end) {
        this.agent = agent;
        this.end = end;
        agent.ifPresent(link ->
                link.connect(child.process().getOutputStream(), child.process().getInputStream()));
        this.rank = rank;
        this.child = child;
        this.process = child.process();
        // A child that has exited already is a zombie until Java reaps it; with luck its start is lost, and then it is
        // gone anyway.
        this.identity = ProcessIdentity.ofKnown(process.pid());
        this.memory = OutOfMemory.watch(process.pid());
        this.stderr = agent.map(link -> new StderrTail(rank, process.getErrorStream(), listener, link::take))
                .orElseGet(() -> new StderrTail(rank, process.getErrorStream(), listener));
    }

    /**
     * Starts the threads of this process.
     *
     * @param reader reads stdout to its end
     * @param ended told once, with how, when stdout or the process is at its end, or can be read no more
     * @throws ThreadLimitException when the host gives no more threads; the process runs
     */
    public void listen(Runnable reader, Consumer<String> ended) throws ThreadLimitException {
        Thread.UncaughtExceptionHandler failed =
                (thread, e) -> reportEnd(ended, "the leader's thread " + thread.getName() + " failed: " + e);
        if (stderrThread == null) {
            stderrThread = thread("stderr", this::readStderr, failed);
        }
        stdoutThread = thread(
                "stdout",
                () -> {
                    read(stdout(), reader);
                    waitQuietly(SETTLE);
                    reportEnd(ended);
                },
                failed);
        Thread readsStdout = stdoutThread;
        // A grandchild that holds the pipe keeps the reader from seeing the end: the exit is watched by itself.
        thread(
                "exit",
                () -> {
                    try {
                        process.waitFor();
                        noteExit();
                        readsStdout.join(SETTLE);
                        reportEnd(ended);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                },
                failed);
    }

    private void readStderr() {
        read(process.getErrorStream(), stderr);
    }

    /** While it runs the JDK has closed none of them. */
    private void read(InputStream pipe, Runnable reader) {
        ChildPipe.toItsEnd(pipe, () -> {
            readToTheirEnd.addAndGet(process.isAlive() ? 1 : 0);
            reader.run();
        });
    }

    /** Whether its exit came before anybody read its pipes, so that their end does not show that nobody holds them open. */
    public boolean endedUnread() {
        return readToTheirEnd.get() < 2;
    }

    /** When it was started, by {@link System#nanoTime}. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Begins to hear the agent and to be heard by it, before {@link #listen}: its lease runs from its first word on. */
    public void listenToAgent() throws ThreadLimitException {
        AgentLink link = agent.orElseThrow();
        listenToStderr();
        thread("heartbeat", () -> heartbeat(link), null);
    }

    /** Begins to read its stderr alone. */
    public void listenToStderr() throws ThreadLimitException {
        stderrThread = thread("stderr", this::readStderr, null);
    }

    /** Waits for what it has written to stderr before its end, for a moment. */
    public void awaitLastWords() throws InterruptedException {
        stderrThread.join(SETTLE);
    }

    /** Waits until the agent has spoken, or can no more; false when the time was over before. */
    public boolean awaitAgent(Deadline deadline) throws InterruptedException {
        return awaitAgent(deadline, () -> false);
    }

    /**
     * The same.
     *
     * @param enough whether nobody needs it any more: then the time is over, too
     */
    public boolean awaitAgent(Deadline deadline, BooleanSupplier enough) throws InterruptedException {
        AgentLink link = agent.orElseThrow();
        while (process.isAlive()) {
            if (link.awaitSpoken(AGENT_LOOK) || link.isFlooded()) {
                return true;
            }
            if (deadline.expired() || enough.getAsBoolean()) {
                return false;
            }
        }
        awaitLastWords(); // they may still be on their way
        return true;
    }

    /** From now on it is told when the agent was not heard for a lease; until the process ends, and more than once. */
    public void onSilence(Consumer<String> told) {
        silence = told;
    }

    /** Signs of life for the agent: without them it takes its leader for gone. */
    private void heartbeat(AgentLink link) {
        Standstill standstill = new Standstill(link.beatEvery());
        try {
            while (!process.waitFor(link.beatEvery().toNanos(), TimeUnit.NANOSECONDS)) {
                link.heartbeat();
                if (standstill.noticed()) {
                    link.hearAnew();
                } else if (link.isSilent()) {
                    silence.accept(link.silence());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is known of the agent; empty where there is none. */
    public Optional<AgentLink> agent() {
        return agent;
    }

    /** The command that ends what the launcher has started: present where the agent has not told the end, so that something may run there. */
    public Optional<EndCommand> endElsewhere() {
        return end.filter(_ -> agent.filter(link -> link.end().isEmpty()).isPresent());
    }

    /** Whether there is an agent that was never heard: what the launcher has asked for may only be about to start. */
    public boolean isUnheard() {
        return agent.filter(link -> !link.hasSpoken()).isPresent();
    }

    /** Whether it was ended from here, so that it may not have done what it was about to do. */
    public boolean wasEnded() {
        return endedFromHere;
    }

    /**
     * Ends what the launcher has started, by its command. Where nothing was heard of it the launcher must have ended before: what was ended in
     * the middle may still come, and what has ended by itself has said why.
     *
     * @return whether its command said yes; false also where it has none
     */
    public boolean endElsewhere(Deadline deadline) throws InterruptedException {
        Optional<EndCommand> command = endElsewhere();
        if (command.isEmpty()) {
            return false;
        }
        if (!isUnheard()) {
            return command.get().run(deadline);
        }
        return wasEnded()
                ? command.get().runForUnheard(deadline)
                : command.get().runOnce(deadline);
    }

    /** The process that was started here: the worker, or what carries its pipes. */
    public ProcessIdentity identity() {
        return identity;
    }

    /** The worker itself; empty where an agent has not told it. */
    public Optional<ProcessIdentity> worker() {
        return agent.isPresent() ? agent.get().worker() : Optional.of(identity);
    }

    /** Closes its stdin, by which an agent knows that it has to end its worker, and a worker that it has to end. */
    public void closeStdin() {
        if (agent.isPresent()) {
            agent.get().close();
        } else {
            child.closeStdin();
        }
    }

    public Instant started() {
        return started;
    }

    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    public InputStream stdout() {
        return process.getInputStream();
    }

    public List<String> lastStderrLines() {
        return stderr.lastLines();
    }

    public void write(byte[] line) throws IOException {
        if (agent.isPresent()) {
            agent.get().write(line);
            return;
        }
        process.getOutputStream().write(line);
        process.getOutputStream().flush();
    }

    /**
     * Writes on a thread of its own, so that nothing waits for a worker that does not read.
     *
     * @return whether there was a thread for it
     */
    public boolean writeAside(byte[] line) {
        Runnable write = () -> {
            try {
                write(line);
            } catch (IOException e) {
                LOG.debug("rank {} does not read any more: {}", rank, e.getMessage());
            }
        };
        try {
            thread("stdin", write, null);
            return true;
        } catch (ThreadLimitException e) {
            LOG.warn("rank {} cannot be asked: {}", rank, e.getMessage());
            return false;
        }
    }

    public boolean exitsSoon() {
        return waitQuietly(SETTLE);
    }

    /** Waits for the exit; false when it has not come in time. */
    public boolean awaitExit(Deadline deadline) throws InterruptedException {
        return deadline.await(nanos -> process.waitFor(nanos, TimeUnit.NANOSECONDS));
    }

    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** It was just seen to have exited: what the kernel says of that is only known in this moment. */
    public void noteExit() {
        outOfMemory.complete(memory.filter(OutOfMemory::justHappened).isPresent());
    }

    /** Whether the kernel says that it ran out of memory; asked once it has exited with 137 unasked, and that was noted. */
    public boolean outOfMemory() {
        try {
            return memory.isPresent() && outOfMemory.get(SETTLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGTERM, to exactly this process; false where it could not be sent. */
    public boolean terminate() {
        noteEnd();
        return child.terminate();
    }

    /** SIGKILL, to exactly this process, and waits for the exit; false when it has not come in time. */
    public boolean kill(Deadline deadline) throws InterruptedException {
        noteEnd();
        return child.kill(deadline);
    }

    /** Whether a {@link #kill} has sent its signal, which it could not where /proc cannot be read. */
    public boolean killSent() {
        return child.killSent();
    }

    private void noteEnd() {
        if (process.isAlive()) {
            endedFromHere = true;
        }
    }

    /** Those in {@code table} that it has started, so far as its session and its mark tell, wherever they have gone. */
    public List<ProcStat> leftBehind(ProcessTable table) {
        return child.leftBehind(identity, table);
    }

    /** Ends those. */
    public void endLeftBehind() throws InterruptedException {
        child.endLeftBehind(identity);
    }

    /** Those in {@code table} that hold one of its pipes open. */
    public List<ProcStat> pipeHolders(ProcessTable table) {
        return child.pipeHolders(identity, table);
    }

    /** Gives the descriptors of its pipes back, whoever else holds them open. */
    public void closePipes() {
        child.closePipes();
    }

    /** Waits for the readers to reach the end of their pipes; how many did not, and were left alone. */
    public int abandonReaders(Deadline deadline) throws InterruptedException {
        int left = 0;
        for (Thread reader : Arrays.asList(stdoutThread, stderrThread)) {
            if (reader != null && !DaemonThread.awaitEnd(reader, Duration.ofNanos(deadline.remainingNanos() + 1))) {
                left++;
            }
        }
        return left;
    }

    private boolean waitQuietly(Duration time) {
        try {
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private void reportEnd(Consumer<String> ended) {
        reportEnd(ended, process.isAlive() ? "it closed its stdout and still runs" : endWords());
    }

    /** What is seen when its process is not there any more: behind a launcher that was not the worker's. */
    public String endWords() {
        return agent.isPresent() ? "the connection to it ended" : "its process ended";
    }

    private void reportEnd(Consumer<String> ended, String how) {
        if (endReported.compareAndSet(false, true)) {
            ended.accept(how);
        }
    }

    private Thread thread(String what, Runnable work, Thread.UncaughtExceptionHandler failed)
            throws ThreadLimitException {
        return DaemonThread.start("rank-" + rank + "-" + what, STACK_BYTES, work, failed);
    }
}
