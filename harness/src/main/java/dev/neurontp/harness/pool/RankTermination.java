package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ProcStat;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessTable;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Ends one worker in bounded steps and then what it left behind, and writes down the evidence. */
final class RankTermination {
    /** For what a worker left behind to die of SIGKILL, and for the readers to see the end of their pipes. */
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(1);

    private static final Duration READERS = Duration.ofMillis(300);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int KILLED = 137;

    private final RankChannel channel;
    private final WorkerProcess process;
    private final Deadlines deadlines;
    private final Deadline whole;
    private final List<String> steps = new ArrayList<>();
    private final Map<ProcessIdentity, String> family = new LinkedHashMap<>();
    private Thread asking;
    private boolean hurried;

    RankTermination(RankChannel channel, Deadlines deadlines, Deadline whole) {
        this.channel = channel;
        this.process = channel.process();
        this.deadlines = deadlines;
        this.whole = whole;
    }

    /**
     * Runs all steps.
     *
     * @param shutdown the request to leave, or null to begin with SIGTERM
     */
    RankExit run(Operation shutdown) throws InterruptedException {
        remember(ProcessTable.read().descendants(process.identity()));
        boolean exited = process.exitCode().isPresent();
        if (!exited && shutdown != null) {
            exited = ask(shutdown);
        }
        channel.leave();
        if (!exited) {
            remember(ProcessTable.read().descendants(process.identity()));
            steps.add(RankExit.SIGTERM);
            process.terminate();
            exited = process.awaitExit(whole.within(deadlines.sigterm()));
        }
        if (!exited) {
            steps.add(RankExit.SIGKILL);
            process.kill(whole.within(deadlines.sigkill()));
        }
        List<String> leftBehind = endLeftBehind();
        int abandoned = process.abandonReaders(Deadline.in(READERS));
        OptionalInt exitCode = process.exitCode();
        boolean killedUnasked = exitCode.orElse(0) == KILLED && !steps.contains(RankExit.SIGKILL);
        return new RankExit(
                channel.rank(),
                process.identity().pid(),
                false,
                channel.saidBye(),
                exitCode,
                exitCode.isPresent(),
                steps,
                killedUnasked && process.outOfMemory(),
                leftBehind,
                abandoned,
                whole.elapsed());
    }

    /** Ends the wait for {@code bye}, or keeps it from beginning; on any thread. */
    synchronized void hurry() {
        hurried = true;
        if (asking != null) {
            asking.interrupt();
        }
    }

    private boolean ask(Operation shutdown) throws InterruptedException {
        synchronized (this) {
            if (hurried || !channel.askToLeave(shutdown)) {
                return false;
            }
            asking = Thread.currentThread();
        }
        steps.add(RankExit.SHUTDOWN);
        boolean exited = false;
        try {
            exited = process.awaitExit(whole.within(deadlines.bye()));
        } catch (InterruptedException e) {
            if (!hasHurried()) {
                throw e;
            }
        }
        synchronized (this) {
            asking = null;
            // An interrupt that came too late was meant for this wait only.
            if (hurried && Thread.interrupted()) {
                return process.exitCode().isPresent();
            }
        }
        return exited;
    }

    private synchronized boolean hasHurried() {
        return hurried;
    }

    private List<String> endLeftBehind() throws InterruptedException {
        Deadline deadline = Deadline.in(LEFT_BEHIND);
        List<String> ended = new ArrayList<>();
        while (true) {
            remember(ProcessTable.read().session(process.identity()));
            List<ProcessIdentity> alive =
                    family.keySet().stream().filter(ProcessIdentity::alive).toList();
            if (alive.isEmpty() || deadline.expired()) {
                return ended;
            }
            for (ProcessIdentity process : alive) {
                String name = family.get(process) + " (pid " + process.pid() + ")";
                if (!ended.contains(name)) {
                    ended.add(name);
                }
                process.kill();
            }
            Thread.sleep(POLL);
        }
    }

    private void remember(List<ProcStat> processes) {
        for (ProcStat process : processes) {
            family.putIfAbsent(process.identity(), process.name());
        }
    }
}
