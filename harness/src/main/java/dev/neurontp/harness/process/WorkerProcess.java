package dev.neurontp.harness.process;

import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker's process and the threads that read its pipes. */
public final class WorkerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
    private static final int STACK_BYTES = 256 * 1024;
    /** Between the end of a stream and the exit, or the other way round; one of them can be missing altogether. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private final int rank;
    private final ChildProcess child;
    private final Process process;
    private final ProcessIdentity identity;
    private final Optional<OutOfMemory> outOfMemory;
    private final Instant started = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final StderrTail stderr;
    private final AtomicBoolean endReported = new AtomicBoolean();
    private volatile Thread stdoutThread;
    private volatile Thread stderrThread;

    /** Takes a child over; nothing of it is read before {@link #listen}. */
    public WorkerProcess(int rank, ChildProcess child, StderrListener listener) {
        this.rank = rank;
        this.child = child;
        this.process = child.process();
        // A child that has exited already is a zombie until Java reaps it; with luck its start is lost, and then it is
        // gone anyway.
        this.identity =
                ProcessIdentity.of(process.pid()).orElseGet(() -> ProcessIdentity.ofThisBoot(process.pid(), -1));
        this.outOfMemory = OutOfMemory.watch(process.pid());
        this.stderr = new StderrTail(rank, process.getErrorStream(), listener);
    }

    /**
     * Starts the threads of this process.
     *
     * @param reader reads stdout to its end
     * @param ended told once, with how, when stdout or the process is at its end
     */
    public void listen(Runnable reader, Consumer<String> ended) {
        stdoutThread = thread("stdout", () -> {
            reader.run();
            waitQuietly(SETTLE);
            reportEnd(ended);
        });
        stderrThread = thread("stderr", stderr);
        stdoutThread.start();
        stderrThread.start();
        // A grandchild that holds the pipe keeps the reader from seeing the end: the exit is watched by itself.
        thread("exit", () -> {
                    try {
                        process.waitFor();
                        stdoutThread.join(SETTLE);
                        reportEnd(ended);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
    }

    public ProcessIdentity identity() {
        return identity;
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
        process.getOutputStream().write(line);
        process.getOutputStream().flush();
    }

    /** Writes on a thread of its own, so that nothing waits for a worker that does not read. */
    public void writeAside(byte[] line) {
        thread("stdin", () -> {
                    try {
                        write(line);
                    } catch (IOException e) {
                        LOG.debug("rank {} does not read any more: {}", rank, e.getMessage());
                    }
                })
                .start();
    }

    public boolean exitsSoon() {
        return waitQuietly(SETTLE);
    }

    /** Waits for the exit; false when it has not come in time. */
    public boolean awaitExit(Deadline deadline) throws InterruptedException {
        return process.waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Whether the kernel says that it ran out of memory; asked once it has exited with 137 unasked. */
    public boolean outOfMemory() {
        return outOfMemory.filter(OutOfMemory::happened).isPresent();
    }

    /** SIGTERM, to exactly this process. */
    public void terminate() {
        child.terminate();
    }

    /** SIGKILL, to exactly this process, and waits for the exit; false when it has not come in time. */
    public boolean kill(Deadline deadline) throws InterruptedException {
        return child.kill(deadline);
    }

    /** Waits for the readers to reach the end of their pipes; how many did not, and were left alone. */
    public int abandonReaders(Deadline deadline) throws InterruptedException {
        int left = 0;
        for (Thread reader : List.of(stdoutThread, stderrThread)) {
            if (!reader.join(Duration.ofNanos(deadline.remainingNanos() + 1))) {
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
        if (endReported.compareAndSet(false, true)) {
            ended.accept(process.isAlive() ? "it closed its stdout and still runs" : "its process ended");
        }
    }

    private Thread thread(String what, Runnable work) {
        Thread thread = new Thread(null, work, "rank-" + rank + "-" + what, STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }
}
