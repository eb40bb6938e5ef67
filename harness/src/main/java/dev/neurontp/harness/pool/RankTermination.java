package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ProcStat;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessTable;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Ends one worker in bounded steps and then what it left behind, and writes down the evidence. */
final class RankTermination {
    /**
     * For processes that a worker left behind to end after SIGKILL, and for the readers to see the end of their pipes.
     */
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(1);

    private static final Duration READERS = Duration.ofMillis(300);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int KILLED = 137;

    private final PipeRank rank;
    private final WorkerProcess process;
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final Map<ProcessIdentity, String> family = new LinkedHashMap<>();
    private final Set<String> leftBehind = new LinkedHashSet<>();
    private Thread asking;
    private boolean forced;

    RankTermination(PipeRank rank, WorkerProcess process) {
        this.rank = rank;
        this.process = process;
    }

    /** Runs all steps. */
    RankExit run(PoolRank.Termination termination) throws InterruptedException {
        Deadline whole = termination.whole();
        Deadlines deadlines = termination.deadlines();
        remember(ProcessTable.read().descendants(process.identity()));
        boolean exited = process.exitCode().isPresent();
        if (!exited && termination.shutdown() != null) {
            exited = ask(termination);
        }
        rank.leave();
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
        endAll(process::leftBehind);
        int abandoned = process.abandonReaders(Deadline.in(READERS));
        if (abandoned > 0) {
            // What has cleared its environment, in a session of its own, is found by the pipe that it keeps open.
            endAll(process::pipeHolders);
            abandoned = process.abandonReaders(Deadline.in(READERS));
            process.closePipes();
        }
        return exit(List.copyOf(leftBehind), abandoned, whole.elapsed());
    }

    /** What is seen of the end by now. */
    RankExit exit(List<String> leftBehind, int abandonedReaders, Duration took) {
        OptionalInt exitCode = process.exitCode();
        boolean killedUnasked = exitCode.orElse(0) == KILLED && !steps.contains(RankExit.SIGKILL);
        return new RankExit(
                rank.rank(),
                rank.pid(),
                false,
                rank.saidBye(),
                exitCode,
                exitCode.isPresent(),
                steps,
                killedUnasked && process.outOfMemory(),
                leftBehind,
                abandonedReaders,
                took);
    }

    /** Ends the wait for {@code bye}, or keeps it from beginning; on any thread. */
    synchronized void force() {
        forced = true;
        if (asking != null) {
            asking.interrupt();
        }
    }

    private boolean ask(PoolRank.Termination termination) throws InterruptedException {
        synchronized (this) {
            if (forced || !rank.askToLeave(termination.shutdown())) {
                return false;
            }
            asking = Thread.currentThread();
        }
        steps.add(RankExit.SHUTDOWN);
        boolean exited = false;
        try {
            exited = process.awaitExit(
                    termination.whole().within(termination.deadlines().bye()));
        } catch (InterruptedException e) {
            if (!isForced()) {
                throw e;
            }
        }
        synchronized (this) {
            asking = null;
            // An interrupt that came too late was meant for this wait only.
            if (forced && Thread.interrupted()) {
                return process.exitCode().isPresent();
            }
        }
        return exited;
    }

    private synchronized boolean isForced() {
        return forced;
    }

    /** Ends the family and those that {@code find} adds to it, with their own children, until none is left or the time is over. */
    private void endAll(Function<ProcessTable, List<ProcStat>> find) throws InterruptedException {
        Deadline deadline = Deadline.in(LEFT_BEHIND);
        while (true) {
            ProcessTable table = ProcessTable.read();
            List<ProcStat> found = find.apply(table);
            remember(found);
            found.forEach(left -> remember(table.descendants(left.identity())));
            List<ProcessIdentity> alive =
                    family.keySet().stream().filter(ProcessIdentity::alive).toList();
            if (alive.isEmpty() || deadline.expired()) {
                return;
            }
            for (ProcessIdentity left : alive) {
                leftBehind.add(family.get(left) + " (pid " + left.pid() + ")");
                left.kill();
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
