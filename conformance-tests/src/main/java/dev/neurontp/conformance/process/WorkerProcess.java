package dev.neurontp.conformance.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One worker process, driven through its raw pipes. stdout and stderr are always drained; a write never blocks
 * the caller. {@link #close} ends it with everything that it started. Used by one thread at a time, except
 * {@link #close} and {@link #transcript}, which any thread may call.
 */
public final class WorkerProcess implements AutoCloseable {

    /** How long the last words of a process that has ended are waited for: a child of it may hold stderr open. */
    private static final Duration STDERR_WAIT = Duration.ofMillis(300);

    /** How long something that a worker started may hold stdout open after the worker's end, as a child that ends with it does. */
    private static final Duration HELD_OPEN = Duration.ofMillis(300);
    /** How long the end of stdout is waited for where nobody can be seen to hold it: the reader's turn comes far earlier. */
    private static final Duration UNSEEN_HOLDER = Duration.ofSeconds(10);
    /** How often a process that is silent is looked at. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final int MOST_STARTS = 1024;
    /** One is taken while a process is being started, which has this one's pipes until it becomes its program. */
    private static final Semaphore STARTS = new Semaphore(MOST_STARTS, true);

    private final Launch launch;
    private final WorkerMark mark = WorkerMark.next();
    private final Process process;
    private final WorkerFamily family;
    private final StdoutPipe stdout;
    private final Transcript transcript = new Transcript(System.nanoTime());
    private final OutputQueue outputs = new OutputQueue();
    private final StdoutReader reader;
    private final StdinWriter writer;
    private final Attendants attendants;
    private final Thread readerThread;
    private final Thread stderrThread;
    private volatile boolean killed;
    private volatile boolean readerGone;
    /** Whether it was told to end: what it says is then the last moment to see its children. */
    private volatile boolean ending;

    private Duration cpu = Duration.ZERO;
    /** When the end of the process was noticed; negative before. */
    private long endedAtMillis = -1;

    private WorkerProcess(Launch launch) throws StartFailure {
        this.launch = launch;
        Started started;
        STARTS.acquireUninterruptibly();
        try {
            started = launch.start(mark);
        } finally {
            STARTS.release();
        }
        this.process = started.process();
        this.attendants = new Attendants(process.pid());
        this.stdout = StdoutPipe.of(process.pid());
        this.family = new WorkerFamily(
                process.pid(),
                mark,
                RunningProcesses.startOf(process.pid()),
                !launch.settings().launched());
        this.reader =
                new StdoutReader(started.stdout(), launch.longestLine(), transcript, outputs, launch.repliesBearOp());
        this.readerThread = attendants.of("stdout", reader);
        if (launch.stdoutClosed()) {
            readerGone = true;
            closeQuietly(started.stdout());
        }
        this.writer = new StdinWriter(started.stdin(), transcript);
        this.stderrThread = attendants.of("stderr", new StderrReader(started.stderr(), transcript));
    }

    private WorkerProcess attended() {
        try {
            stderrThread.start();
            if (!readerGone) {
                readerThread.start();
            }
            attendants.of("stdin", writer).start();
            return this;
        } catch (OutOfMemoryError e) {
            // The host gives no thread: nobody would hear this worker, or end it.
            close();
            throw e;
        }
    }

    /**
     * Starts a worker.
     *
     * @throws StartFailure if there is no such program or the system refuses to start it
     */
    public static WorkerProcess start(Launch launch) throws StartFailure {
        return new WorkerProcess(launch).attended();
    }

    /** Waits for the starts that are under way: a pipe that was closed before has no other end in a process to be after that. */
    public static void awaitStarts() {
        STARTS.acquireUninterruptibly(MOST_STARTS);
        STARTS.release(MOST_STARTS);
    }

    /** What was started. */
    public Launch launch() {
        return launch;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Its pipes' transcript. */
    public Transcript transcript() {
        return transcript;
    }

    /** Milliseconds since its start. */
    public long nowMillis() {
        return transcript.now();
    }

    /** Queues bytes for stdin; they are written and flushed by themselves, as one write. Returns at once. */
    public void write(byte[] bytes) {
        if (mayShutDown(bytes)) {
            ending = true;
            family.remember();
        }
        transcript.sent(bytes);
        writer.write(bytes);
    }

    /** Whether it looks like a shutdown, of whose letters some may be escaped. */
    private static boolean mayShutDown(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains("shut");
    }

    /** Queues the bytes in pieces of at most this many, a write each. */
    public void writeInPieces(byte[] bytes, int pieceLength) {
        transcript.sent(bytes);
        writer.writeInPieces(bytes, pieceLength);
    }

    /** Closes stdin after all that is queued was written. Returns at once. */
    public void closeStdin() {
        ending = true;
        family.remember();
        transcript.note("stdin closed");
        writer.close();
    }

    /**
     * The next output, waited for until the deadline; empty when nothing came before it. What comes later is kept for the next
     * call, so that no wait lasts as long as a worker talks. Where the process has ended and something
     * that it started holds stdout open, its end is said once the pipe is empty: nobody waits for more.
     */
    public Optional<Output> next(Deadline deadline) {
        try {
            while (true) {
                attendants.requireSound();
                if (isLate(outputs.peek(), deadline)) {
                    return Optional.empty();
                }
                long wait = Math.min(deadline.leftNanos(), LOOK.toNanos());
                Output output = outputs.poll(wait);
                if (ending) {
                    family.glance();
                }
                if (output instanceof Output.End end) {
                    outputs.putBack(end);
                }
                if (output != null) {
                    return Optional.of(output);
                }
                if (isHeldOpen()) {
                    return Optional.of(new Output.End(transcript.now()));
                }
                if (deadline.isOver()) {
                    return Optional.empty();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * Whether all that its stdout carried so far was handed out, as far as this process can know: the reader waits, and the pipe
     * is empty. On a busy host a silence alone says nothing: the reader may have had no turn.
     */
    public boolean isHeardOut() {
        return outputs.peek() == null && (readerGone || (reader.isReading() && !stdout.hasBytesForUs()));
    }

    /** What came out that is no whole line or object yet, in words; empty where there is nothing. */
    public String unfinished() {
        return reader.unfinished().words();
    }

    /** What was seen where nothing was handed out in this time: not even a part of a reply, or only that. */
    public String nothingWithin(Duration time) {
        String begun = unfinished();
        return begun.isEmpty()
                ? "nothing within " + time.toMillis() + " ms; --timeout gives a slow worker longer"
                : "no whole reply within " + time.toMillis() + " ms: " + begun;
    }

    private boolean isLate(Output output, Deadline deadline) {
        return output != null
                && !(output instanceof Output.End)
                && transcript.now() - output.atMillis() < deadline.overdueMillis();
    }

    private boolean isHeldOpen() {
        if (process.isAlive() || readerGone || !readerThread.isAlive()) {
            return false;
        }
        if (endedAtMillis < 0) {
            endedAtMillis = transcript.now();
        }
        return transcript.now() - endedAtMillis > HELD_OPEN.toMillis()
                && reader.isReading()
                && stdout.isHeldAndEmpty(stillRunning());
    }

    private List<RunningProcesses.Found> stillRunning() {
        return family.running();
    }

    /**
     * What is left of a process that has ended, for a person: the processes that it started and that still run, or that its
     * stdout is still open. It is waited for so long that they go, too. Empty where nothing is left, and for a launcher: what runs
     * on here is its own, such as the master of ssh's shared connections.
     */
    public List<String> leftBehind(Duration grace) {
        if (launch.settings().launched()) {
            return List.of();
        }
        Deadline deadline = Deadline.in(grace);
        Deadline unseen = Deadline.in(grace.compareTo(UNSEEN_HOLDER) > 0 ? grace : UNSEEN_HOLDER);
        while (true) {
            List<RunningProcesses.Found> left = stillRunning();
            boolean open = !readerGone && readerThread.isAlive();
            if (left.isEmpty() ? !open || unseen.isOver() : deadline.isOver()) {
                return noted(left, open);
            }
            pause();
        }
    }

    private List<String> noted(List<RunningProcesses.Found> left, boolean open) {
        List<String> words = new ArrayList<>();
        left.forEach(found -> words.add(found.toString()));
        if (left.isEmpty() && open) {
            words.add("a process that cannot be found by its session or environment, and that holds stdout open");
        }
        words.forEach(one -> transcript.note("left behind: " + one));
        return words;
    }

    /** Whether a process that it has started runs: what it says may go through that one. */
    public boolean hasHelpers() {
        return stillRunning().stream().anyMatch(found -> found.pid() != pid());
    }

    /** What it and all that it started take now; nothing where it has ended, or where there is no /proc. */
    public Usage usage() {
        return UsageReader.of(stillRunning());
    }

    /**
     * The CPU time of the process and of its children that have ended, as at the last call before its end: after that nobody can say. In
     * steps of 10 ms.
     */
    public synchronized Duration cpuTime() {
        if (process.isAlive()) {
            CpuTime now = CpuTime.of(Long.toString(pid()));
            Duration used = now.own().plus(now.children());
            cpu = used.compareTo(cpu) > 0 ? used : cpu;
        }
        return cpu;
    }

    /** Looks at what only a process that lives shows: its CPU time, and its children. To be called again and again. */
    public void look() {
        cpuTime();
        family.glance();
    }

    /** Waits until it takes no more processor time, for so long at most. */
    public void settle(Duration most) {
        Deadline deadline = Deadline.in(most);
        String self = Long.toString(pid());
        CpuTime before;
        CpuTime now = CpuTime.of(self);
        do {
            before = now;
            pause();
            now = CpuTime.of(self);
        } while (!now.equals(before) && !deadline.isOver());
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops reading its stdout, so that its pipe fills. */
    public void pauseReading() {
        reader.pause();
    }

    /** Closes the read end of its stdout after the next line that comes; the end of stdout is then the next output. */
    public void closeStdoutAfterNextLine() {
        family.remember();
        transcript.note("stdout is closed by its reader after the next line");
        readerGone = true;
        reader.closeAfterNextLine();
    }

    /** Closes the read end of its stdout, which was not read any more; the end of stdout is then the next output. */
    public void dropStdout() {
        family.remember();
        transcript.note("stdout is closed by its reader, with lines unread");
        readerGone = true;
        reader.drop();
    }

    /** Reads on. */
    public void resumeReading() {
        reader.resume();
    }

    /**
     * Sends a signal by its name without SIG, such as TERM. INT goes to the worker's process group where it has one of
     * its own, as a terminal's Ctrl-C does: a shell that started the worker waits for it, and does not end before. One that has
     * ended is sent none: its number may be somebody else's.
     */
    public void signal(String name) throws StartFailure {
        if (!process.isAlive()) {
            transcript.note("SIG" + name + " not sent: it has ended");
            return;
        }
        family.remember();
        transcript.note("SIG" + name + " sent");
        try {
            // The shell's own kill: there are systems, and containers, without a program of that name.
            String kill = "kill -s " + name + " ";
            String group = name.equals("INT") && Launch.ownSession() ? kill + "-- -" + pid() + " || " : "";
            int code = DescriptorRoom.start(new ProcessBuilder("/bin/sh", "-c", group + kill + pid()))
                    .waitFor();
            // 1 is that there is no such process any more; beyond it the shell itself could not do it.
            if (code > 1) {
                throw new StartFailure("cannot send SIG" + name + ": /bin/sh ended with exit code " + code);
            }
        } catch (IOException e) {
            HostShortage.requireNoneIn(e);
            throw new StartFailure("cannot send SIG" + name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was started with this signal ignored, as this suite itself was, and could not be started otherwise. */
    public static boolean isIgnored(String signal) {
        return InheritedSignals.isIgnoredInWorkers(signal);
    }

    /** Waits for its end until the deadline; empty when it has passed. */
    public Optional<ExitStatus> ending(Deadline deadline) {
        Optional<ExitStatus> ending = awaitEnd(deadline);
        // One that nobody reads waits for that, or ends by it.
        attendants.requireSound();
        return ending;
    }

    private Optional<ExitStatus> awaitEnd(Deadline deadline) {
        try {
            if (process.waitFor(deadline.leftNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.of(new ExitStatus(process.exitValue(), transcript.now(), killed));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    /** The last lines of stderr, at most 50; those of a process that has ended whole. */
    public List<String> lastStderr() {
        if (!process.isAlive()) {
            try {
                stderrThread.join(STDERR_WAIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return transcript.stderrTail();
    }

    /** Whether stderr was read to its end. */
    public boolean isStderrOver() {
        return !stderrThread.isAlive();
    }

    /** Its end, if it has ended. */
    public Optional<ExitStatus> ending() {
        return process.isAlive()
                ? Optional.empty()
                : Optional.of(new ExitStatus(process.exitValue(), transcript.now(), killed));
    }

    /**
     * None where it has ended, since who has its number by then has children of his own, and where there is no descriptor for a look at
     * /proc: then they end as far as a session and a mark tell.
     */
    private List<ProcessHandle> descendants() {
        try {
            return process.isAlive() ? process.descendants().toList() : List.of();
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    /** Ends the process, its descendants and its session, at once, and waits up to two seconds for it. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = descendants();
        if (process.isAlive()) {
            killed = true;
            // Not Process.destroyForcibly: that closes stdin too, and waits for a writer that a full pipe holds up
            // for as long as a child of the worker keeps the other end open.
            process.toHandle().destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
        family.kill();
        writer.giveUp();
        // Whoever waits for output hears at once that none will come.
        outputs.end(new Output.End(transcript.now()));
        transcript.note("ended by the suite");
        awaitEnd(Deadline.in(Duration.ofSeconds(2)));
        readerThread.interrupt();
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("closing the read end of a pipe failed", e);
        }
    }
}
