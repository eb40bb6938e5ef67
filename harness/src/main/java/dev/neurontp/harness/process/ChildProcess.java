package dev.neurontp.harness.process;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that was started here, and signals that reach exactly it. Any thread. */
public final class ChildProcess {
    private static final Duration AGAIN = Duration.ofMillis(100);

    /** EAGAIN of fork. Java says the number and the C library's words. */
    private static final Pattern NO_MORE_PROCESSES = Pattern.compile("error[=:] ?11\\b");

    /** EMFILE of pipe, or the JDK's own helper that cannot open its libraries: the loader's exit code is 127. */
    private static final Pattern NO_MORE_FILES = Pattern.compile("error[=:] ?24\\b|spawn helper: .*exit code: 127\\b");

    /** The JDK's own helper ends at once, or cannot be started (ENOENT, EACCES), whatever the program. */
    private static final Pattern NO_HELPER =
            Pattern.compile("spawn helper: .*exit code: |posix_spawn failed, error[=:] ?(2|13)\\b");

    /** ENOMEM of posix_spawn. */
    private static final Pattern NO_MORE_MEMORY = Pattern.compile("error[=:] ?12\\b");

    /** What a service manager sets for this process alone (sd_notify(3)): no other one may answer in its name. */
    private static final Set<String> OF_SERVICE_MANAGER = Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    private final Process process;
    private final ProcessMark mark;
    private final boolean startKnown;
    private final SharedPipes pipes;
    private final SharedPipes stdin;
    private volatile boolean killSent;

    private ChildProcess(Process process, ProcessMark mark) {
        LiveChildren.add(process);
        // At once: one that has ended has none any more.
        this.pipes = SharedPipes.of(process.pid());
        this.stdin = SharedPipes.ofStdin(process.pid());
        this.process = process;
        this.mark = mark;
        // Not where /proc could not be read: no descriptor was left.
        this.startKnown = process.toHandle().isAlive();
    }

    /**
     * Starts a program, with a {@link ProcessMark} in its environment. All that this project starts is started here.
     *
     * @throws ThreadLimitException when the host gives no more processes or threads; no process is left then, but where Java had one and no
     *     thread that waits for it, its pipes stay open, and one that has ended at once stays as a zombie until this process ends
     * @throws IOException when it cannot be started for another reason
     */
    public static ChildProcess start(ProcessBuilder builder) throws IOException {
        return start(builder, ProcessMark.VARIABLE);
    }

    /** The same, with the mark in a variable of that name. */
    public static ChildProcess start(ProcessBuilder builder, String variable) throws IOException {
        LiveChildren.begin();
        ProcessMark mark = ProcessMark.next(variable);
        builder.environment().put(variable, mark.text());
        builder.environment().keySet().removeAll(OF_SERVICE_MANAGER);
        if (!JavaProgram.isOne(builder.command())) {
            GivenVariables.giveBack(builder.environment());
        }
        String program = builder.command().getFirst();
        try {
            return new ChildProcess(OrphanReaper.own(() -> started(program, builder)), mark);
        } catch (OutOfMemoryError e) {
            // It runs, and Java has no thread that would wait for it.
            UnawaitedChildren.end(mark);
            if (ThreadLimitException.isCauseOf(e)) {
                throw ThreadLimitException.ofProcess(program, e);
            }
            throw e;
        } catch (IOException e) {
            if (NO_MORE_PROCESSES.matcher(String.valueOf(e.getMessage())).find()) {
                throw ThreadLimitException.ofProcess(program, e);
            }
            throw explained(e);
        }
    }

    private static Process started(String program, ProcessBuilder builder) throws IOException {
        return DescriptorRoom.withRoom(program, () -> HungStarts.bounded(program, () -> awaited(builder)));
    }

    /** Not one with a pid of which Java would never see the end: the next one has another. */
    private static Process awaited(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        while (UnawaitedChildren.has(process.pid())) {
            UnawaitedChildren.end(ProcessIdentity.ofKnown(process.pid()));
            closePipes(process);
            process = builder.start();
        }
        return process;
    }

    /** The first line of what Java says, since the others are guesses about the JDK, and what to do where descriptors ran out. */
    static IOException explained(IOException e) {
        String said = String.valueOf(e.getMessage());
        String first = said.lines().findFirst().orElse("").strip();
        return new IOException(first + remedy(first), e);
    }

    private static String remedy(String said) {
        if (NO_MORE_FILES.matcher(said).find()) {
            return ": each process takes a few descriptors of the one that starts it, raise its limit (ulimit -n)";
        }
        if (NO_HELPER.matcher(said).find()) {
            return ": the program is not at fault, " + System.getProperty("java.home")
                    + "/lib/jspawnhelper does not run; where that JDK was updated, start this program again, else install it again";
        }
        return NO_MORE_MEMORY.matcher(said).find()
                ? ": the host has no memory for it, or a limit on the address space of the one that starts it is reached (ulimit -v)"
                : "";
    }

    public Process process() {
        return process;
    }

    /** What tells its descendants from all other processes. */
    ProcessMark mark() {
        return mark;
    }

    /**
     * Those in {@code table} that it has started, so far as its session and its mark tell, wherever they have gone.
     *
     * @param identity its own
     */
    public List<ProcStat> leftBehind(ProcessIdentity identity, ProcessTable table) {
        return Stream.concat(table.session(identity).stream(), mark.orphans(table, identity.startTicks()).stream())
                .filter(found -> !found.identity().equals(identity))
                .distinct()
                .toList();
    }

    /**
     * Those in {@code table} that hold its stdin open, and are not older than it: the last trace of a process that has left its session and
     * cleared its environment.
     *
     * @param identity its own
     */
    public List<ProcStat> stdinHolders(ProcessIdentity identity, ProcessTable table) {
        return holders(stdin, identity, table);
    }

    /** The same for all of its pipes. */
    List<ProcStat> pipeHolders(ProcessIdentity identity, ProcessTable table) {
        return holders(pipes, identity, table);
    }

    private static List<ProcStat> holders(SharedPipes held, ProcessIdentity identity, ProcessTable table) {
        return held.holders(table, identity.startTicks()).stream()
                .filter(process -> !process.identity().equals(identity))
                .toList();
    }

    /**
     * Ends what it has left behind, as a program does that daemonises. A look at every process of the host.
     *
     * @param identity its own
     */
    public void endLeftBehind(ProcessIdentity identity) throws InterruptedException {
        new LeftBehind().end(table -> leftBehind(identity, table));
    }

    /** Gives its descriptors back. Nothing can be written or read any more. */
    public void closePipes() {
        closePipes(process);
    }

    private static void closePipes(Process process) {
        for (Closeable pipe : List.of(process.getOutputStream(), process.getInputStream(), process.getErrorStream())) {
            close(pipe, process.pid());
        }
    }

    /** Closes its stdin alone. */
    void closeStdin() {
        close(process.getOutputStream(), process.pid());
    }

    private static void close(Closeable pipe, long pid) {
        try {
            pipe.close();
        } catch (IOException e) {
            Log.LOG.debug("a pipe of pid {} was closed with an error: {}", pid, e.getMessage());
        }
    }

    /**
     * SIGTERM.
     *
     * @return whether it was sent: Java reads /proc before it signals, which it cannot while no descriptor is left
     */
    public boolean terminate() {
        return signal(ProcessHandle::destroy);
    }

    /**
     * SIGKILL, also where the time is over, and waits for the exit; false when it has not come in time. It is sent until it has worked,
     * as in {@link #terminate}.
     */
    public boolean kill(Deadline deadline) throws InterruptedException {
        if (process.waitFor(0, TimeUnit.NANOSECONDS)) {
            return true;
        }
        return deadline.await(nanos -> {
            killSent |= signal(ProcessHandle::destroyForcibly);
            return process.waitFor(Math.min(nanos, AGAIN.toNanos()), TimeUnit.NANOSECONDS);
        });
    }

    /** Whether a {@link #kill} has sent its signal. */
    boolean killSent() {
        return killSent;
    }

    /** A handle compares the start of its process before it signals. */
    private boolean signal(Predicate<ProcessHandle> how) {
        if (how.test(process.toHandle())) {
            return true;
        }
        // Where the start is not known the first handle can never be used. As long as Java has not seen the exit, the
        // pid is this child's.
        return !startKnown
                && process.isAlive()
                && ProcessHandle.of(process.pid()).filter(how).isPresent();
    }

    /** An agent, which starts one process and has to be there at once, needs none. */
    private static final class Log {
        static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    }
}
