package dev.neurontp.harness.pool;

import dev.neurontp.harness.agent.record.AgentRecord;
import dev.neurontp.harness.process.AgentLink;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.process.LeftBehind;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ends one worker in bounded steps and then what it left behind, and writes down the evidence. */
final class RankTermination {
    /** For the readers to see the end of their pipes. */
    private static final Duration READERS = Duration.ofMillis(300);

    /** For a launcher to obey SIGTERM: its worker was asked before. */
    private static final Duration LAUNCHER = Duration.ofSeconds(1);

    private static final int KILLED = 137;

    private final PipeRank rank;
    private final WorkerProcess process;
    private final boolean commandIsWorker;
    /** Each once, also where an interrupt has them done again. */
    private final CopyOnWriteArrayList<String> steps = new CopyOnWriteArrayList<>();

    private final LeftBehind left = new LeftBehind();
    /** When all was done to end it; null until then. */
    private volatile Instant silentSince;

    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean toldToEnd;
    private volatile List<ProcessIdentity> survivors = List.of();
    private volatile boolean searched;
    private volatile boolean unsignalled;
    private volatile String refusal = "";
    private Thread asking;
    private boolean forced;

    /**
     * The end of that rank.
     *
     * @param commandIsWorker whether the process is the worker, so that its exit is the worker's end
     */
    RankTermination(PipeRank rank, WorkerProcess process, boolean commandIsWorker) {
        this.rank = rank;
        this.process = process;
        this.commandIsWorker = commandIsWorker;
    }

    /** Runs all steps. */
    RankExit run(PoolRank.Termination termination) throws InterruptedException {
        Deadline whole = termination.whole();
        Deadlines deadlines = termination.deadlines();
        left.rememberDescendants(process.identity());
        boolean exited = process.exitCode().isPresent();
        if (exited && process.wasEnded()) {
            steps.addIfAbsent(RankExit.SIGKILL); // when its pool was given up, before its agent was heard
        }
        if (!exited && termination.shutdown() != null) {
            exited = ask(termination);
        }
        rank.leave();
        if (!exited && process.agent().isPresent()) {
            // The agent then ends its worker, and tells how that ended. What follows ends the launcher alone.
            steps.addIfAbsent(RankExit.STDIN_CLOSED);
            process.closeStdin();
            exited = process.awaitExit(whole.within(deadlines.sigterm()));
        }
        if (exited && process.agent().isPresent()) {
            process.abandonReaders(Deadline.in(READERS)); // the agent's last word may be on its way
        }
        // What was asked for and was not heard of yet may still come, as long as its launcher lives.
        boolean unheard = process.isUnheard();
        if (!unheard) {
            endElsewhere(whole);
        }
        if (!exited) {
            left.rememberDescendants(process.identity());
            if (process.terminate()) {
                steps.addIfAbsent(RankExit.SIGTERM);
            }
            exited = process.awaitExit(whole.within(process.agent().isPresent() ? LAUNCHER : deadlines.sigterm()));
        }
        if (!exited) {
            process.kill(whole.again(deadlines.sigkill())); // whatever the steps before it have taken
            unsignalled = !process.killSent();
            if (!unsignalled) {
                steps.addIfAbsent(RankExit.SIGKILL);
            }
        }
        if (unheard) {
            endElsewhere(whole);
        }
        silentSince = Instant.now();
        left.end(process::leftBehind);
        int abandoned = process.abandonReaders(Deadline.in(READERS));
        if (abandoned > 0 || process.endedUnread()) {
            // What has cleared its environment, in a session of its own, is found by the pipe that it keeps open.
            left.end(process::pipeHolders);
            abandoned = process.abandonReaders(Deadline.in(READERS));
            process.closePipes();
        }
        survivors = left.survivors();
        searched = left.unseen().isEmpty();
        return exit(left.names(), left.stillRunning(), left.unseen(), abandoned, whole.elapsed());
    }

    /** Where the agent has not told the end: by the command of its launcher, whose yes may be evidence. */
    private void endElsewhere(Deadline whole) throws InterruptedException {
        Optional<EndCommand> command = process.endElsewhere();
        if (command.isPresent()) {
            steps.addIfAbsent(RankExit.END_COMMAND);
            boolean yes = process.endElsewhere(whole.within(EndCommand.LIMIT));
            // One that has ended by itself, unheard, tells why in its own words.
            boolean needed = !process.isUnheard() || process.wasEnded();
            if (yes && needed && command.get().proves()) {
                ended = Optional.of(command.get().line());
            }
            toldToEnd = yes;
        }
    }

    /** What is seen of the end where nobody waits for it any longer. */
    RankExit exitSoFar(Duration took) {
        return exit(List.of(), List.of(), Optional.of(RankExit.NOT_IN_TIME), 0, took);
    }

    /** What may still be of it on this host. */
    Remains remains() {
        if (process.agent().isPresent()) {
            return Remains.NONE;
        }
        List<ProcessIdentity> known = new ArrayList<>(survivors);
        if (process.exitCode().isEmpty()) {
            known.add(process.identity());
        }
        return new Remains(known, searched ? Optional.empty() : Optional.of(process::leftBehind));
    }

    /** What is seen of the end by now. */
    private RankExit exit(
            List<String> leftBehind,
            List<String> stillRunning,
            Optional<String> unseen,
            int abandonedReaders,
            Duration took) {
        if (process.agent().isPresent()) {
            return exitElsewhere(process.agent().get(), abandonedReaders, took);
        }
        OptionalInt exitCode = process.exitCode();
        boolean killedUnasked = exitCode.orElse(0) == KILLED && !steps.contains(RankExit.SIGKILL);
        String lost =
                exitCode.isPresent() ? whyLost(exitCode.getAsInt(), stillRunning, unseen) : whyStillRunning(unseen);
        return new RankExit(
                rank.rank(),
                rank.pid(),
                false,
                rank.saidBye(),
                refusal,
                exitCode,
                exitCode.isPresent() && lost.isEmpty(),
                lost,
                steps,
                killedUnasked && process.outOfMemory(),
                without(leftBehind, stillRunning),
                abandonedReaders,
                took,
                lost.isEmpty() || lost.equals(RankExit.NOT_SEEN) ? Remains.NONE : remains(),
                Optional.empty());
    }

    /** What was ended of what was left behind: not what SIGKILL did not end. */
    private static List<String> without(List<String> names, List<String> stillRunning) {
        return names.stream().filter(name -> !stillRunning.contains(name)).toList();
    }

    /** Whatever has become of the launcher: what counts is what the agent has said. */
    private RankExit exitElsewhere(AgentLink agent, int abandonedReaders, Duration took) {
        Optional<AgentRecord.End> end = agent.end();
        OptionalInt launcher = process.exitCode();
        // A launcher that was ended may have had something started that is only about to speak, and that nobody has
        // told to end.
        boolean mayHaveStarted = process.wasEnded() && process.endElsewhere().isPresent() && !toldToEnd;
        boolean neverStarted = !agent.hasSpoken() && launcher.isPresent() && !mayHaveStarted;
        String lost = "";
        if (end.isPresent() && !end.get().stillRunning().isEmpty()) {
            lost = RankExit.SURVIVED + String.join(", ", end.get().stillRunning());
        } else if (end.isPresent() && !end.get().unseen().isEmpty()) {
            lost = RankExit.UNSEEN + end.get().unseen();
        } else if (end.isEmpty() && ended.isEmpty() && !neverStarted) {
            lost = RankExit.NO_WORD;
        }
        Instant silent = silentSince == null ? Instant.now() : silentSince;
        Optional<Instant> leaseEnds =
                lost.equals(RankExit.NO_WORD) ? Optional.of(agent.latestEnd(silent)) : Optional.empty();
        return new RankExit(
                rank.rank(),
                rank.pid(),
                false,
                rank.saidBye(),
                refusal,
                end.map(said -> OptionalInt.of(said.exit())).orElseGet(OptionalInt::empty),
                (end.isPresent() || ended.isPresent() || neverStarted) && lost.isEmpty(),
                lost
                        + leaseEnds
                                .map(until -> ": its agent ends it by " + until + " at the latest")
                                .orElse(""),
                steps,
                end.filter(AgentRecord.End::oomKill).isPresent(),
                end.map(said -> without(said.leftBehind(), said.stillRunning())).orElse(List.of()),
                abandonedReaders,
                took,
                Remains.NONE,
                Optional.of(new RankExit.Elsewhere(
                        agent.host(),
                        launcher,
                        end.map(AgentRecord.End::reason).orElse(""),
                        end.isPresent() ? Optional.empty() : ended,
                        leaseEnds)));
    }

    private String whyStillRunning(Optional<String> unseen) {
        if (steps.contains(RankExit.SIGKILL)) {
            return RankExit.UNENDED;
        }
        return unsignalled && unseen.isPresent() ? RankExit.UNSIGNALLED + unseen.get() : RankExit.UNSEEN_END;
    }

    /**
     * Why the exit of the process does not show the end of the worker; empty where it does. What may have started the worker
     * elsewhere shows it only by leaving in order after the worker's {@code bye}: its own death, and its other exit codes, say
     * nothing.
     */
    private String whyLost(int exitCode, List<String> stillRunning, Optional<String> unseen) {
        if (!stillRunning.isEmpty()) {
            return RankExit.SURVIVED + String.join(", ", stillRunning);
        }
        if (unseen.isPresent()) {
            return RankExit.UNSEEN + unseen.get();
        }
        boolean inOrder = rank.saidBye() && exitCode == 0 && steps.stream().allMatch(RankExit.SHUTDOWN::equals);
        return commandIsWorker || inOrder ? "" : RankExit.NOT_SEEN;
    }

    /** What it did in place of leaving. */
    void noteRefusal(String what) {
        refusal = what;
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
        steps.addIfAbsent(RankExit.SHUTDOWN);
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
}
