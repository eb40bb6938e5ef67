package dev.neurontp.harness.pool;

import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.process.AgentLink;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.StderrListener;
import dev.neurontp.harness.process.WorkerCommand;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Starts ranks by launchers, and waits until the agent of each has spoken. At most eight at once on one host, since an sshd drops
 * connections of which it has too many at a time; what it refuses all the same is tried again, but nothing once an agent has spoken.
 * Any thread.
 */
final class PlacedStart {
    private static final int AT_ONCE = 8;
    private static final int ATTEMPTS = 4;
    private static final Duration KILL = Duration.ofSeconds(2);
    /** For what others that fail too have to say. */
    private static final Duration OTHERS = Duration.ofSeconds(2);

    private static final long SHORTEST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 1500;

    /** What OpenSSH's client says when the server has dropped the connection before any login. */
    private static final Pattern CROWDED = Pattern.compile(
            "kex_exchange_identification|Connection (reset|closed) by|Session open refused|banner exchange");

    private final Placement placement;
    private final List<String> worker;
    private final Map<String, String> settings;
    private final PoolOptions options;
    private final Map<String, Semaphore> hosts = new ConcurrentHashMap<>();
    /** Until when others are waited for where a launcher has ended for good: its pool cannot come up any more. */
    private final AtomicReference<Deadline> lost = new AtomicReference<>();
    /** Somebody has ended the wait for an agent: none is started any more. */
    private volatile boolean givenUp;

    /**
     * Starts nothing yet.
     *
     * @param worker the command of the workers on their hosts; empty for this installation's own
     * @param settings of every rank
     */
    PlacedStart(Placement placement, List<String> worker, Map<String, String> settings, PoolOptions options) {
        this.placement = placement;
        this.worker = List.copyOf(worker);
        this.settings = Map.copyOf(settings);
        this.options = options;
    }

    /**
     * Whether the launcher of that rank can be started here.
     *
     * @throws IllegalArgumentException when it cannot, with the reason
     */
    void require(RankIdentity identity) {
        WorkerCommand.of(launcher(identity), line(place(identity), arguments(identity)));
    }

    private String launcher(RankIdentity identity) {
        Place place = placement.of(identity.rank());
        return "the program of the launcher " + place.launcher().name() + ", which starts ranks on " + place.host()
                + ",";
    }

    /** Starts one rank; whether it is well is seen by who listens to it. */
    WorkerProcess start(RankIdentity identity) throws IOException, InterruptedException {
        try {
            return startWhereThereIsRoom(identity);
        } catch (IOException | RuntimeException | Error e) {
            lost.compareAndSet(null, Deadline.in(OTHERS));
            throw e;
        }
    }

    private WorkerProcess startWhereThereIsRoom(RankIdentity identity) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(options.deadlines().ready());
        Place place = placement.of(identity.rank());
        Semaphore host = hosts.computeIfAbsent(place.host(), _ -> new Semaphore(AT_ONCE));
        if (!host.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException(place.host() + " was still starting other ranks after "
                    + Durations.time(deadline.limit()) + ", " + AT_ONCE + " at once");
        }
        try {
            if (givenUp) {
                throw new InterruptedException("the start was given up");
            }
            for (int attempt = 1; ; attempt++) {
                WorkerProcess started = startOnce(identity);
                if (!awaitAgent(started, deadline)
                        || attempt == ATTEMPTS
                        || deadline.expired()
                        || !isRefused(started, place)) {
                    if (started.exitCode().isPresent()
                            || !started.agent().orElseThrow().noiseBefore().isEmpty()) {
                        lost.compareAndSet(null, Deadline.in(OTHERS));
                    }
                    if (deadline.expired() && started.exitCode().isEmpty()) {
                        started.agent().orElseThrow().giveUp(deadline.limit());
                    }
                    return started;
                }
                end(started);
                Thread.sleep(
                        ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS) * attempt);
            }
        } finally {
            host.release();
        }
    }

    /** False where its pool is to end before it was heard: then it has ended, as one whose launcher has. */
    private boolean awaitAgent(WorkerProcess started, Deadline deadline) throws InterruptedException {
        try {
            started.awaitAgent(deadline, () -> lost.get() != null && lost.get().expired());
            return true;
        } catch (InterruptedException _) {
            givenUp = true;
            started.kill(Deadline.in(KILL));
            return false;
        }
    }

    /** Starts this program on the host of a rank with other arguments than the rank's. */
    WorkerProcess startBeside(RankIdentity identity, List<String> arguments, StderrListener listener)
            throws IOException, InterruptedException {
        return ofOwnProgram().started(identity, beside(identity), arguments, listener);
    }

    /** What {@link #start} would start. */
    PlannedProcess planned(RankIdentity identity) {
        return planned("rank " + identity.rank(), place(identity), arguments(identity));
    }

    /** What {@link #startBeside} would start. */
    PlannedProcess plannedBeside(String name, RankIdentity identity, List<String> arguments) {
        return ofOwnProgram().planned(name, beside(identity), arguments);
    }

    private PlannedProcess planned(String name, Placement.Rank rank, List<String> arguments) {
        return PlannedProcess.of(name, placement.of(rank.rank()).host(), line(rank, arguments), placement.end(rank));
    }

    private PlacedStart ofOwnProgram() {
        return new PlacedStart(placement, List.of(), settings, options);
    }

    /** The name of the host of a rank. */
    String host(RankIdentity identity) {
        return placement.of(identity.rank()).host();
    }

    /** As it knows itself, where it is started: in a container its device may have another number than on the host. */
    RankIdentity inside(RankIdentity identity) {
        return new RankIdentity(identity.rank(), identity.worldSize(), placement.deviceInside(place(identity)));
    }

    private static void end(WorkerProcess started) throws InterruptedException {
        try {
            started.kill(Deadline.in(KILL));
            started.endElsewhere(Deadline.in(KILL));
        } finally {
            started.closePipes();
        }
    }

    private WorkerProcess startOnce(RankIdentity identity) throws IOException, InterruptedException {
        return started(identity, place(identity), arguments(identity), options.stderr());
    }

    private List<String> arguments(RankIdentity identity) {
        return WorkerCommand.arguments(inside(identity));
    }

    private static Placement.Rank place(RankIdentity identity) {
        return new Placement.Rank(identity.rank(), identity.worldSize(), identity.cudaDevice());
    }

    private static Placement.Rank beside(RankIdentity rankZero) {
        return Placement.ofCommId(rankZero.worldSize(), rankZero.cudaDevice());
    }

    private List<String> line(Placement.Rank rank, List<String> arguments) {
        return placement.line(rank, worker, arguments, settings);
    }

    private WorkerProcess started(
            RankIdentity identity, Placement.Rank rank, List<String> arguments, StderrListener listener)
            throws IOException, InterruptedException {
        ChildProcess child = ChildProcess.start(new ProcessBuilder(
                WorkerCommand.of(launcher(identity), line(rank, arguments)).inOwnSession()));
        WorkerProcess started = new WorkerProcess(
                (int) identity.rank(),
                child,
                listener,
                Optional.of(new AgentLink(placement.of(identity.rank()).host(), placement.lease())),
                placement.end(rank));
        try {
            started.listenToAgent();
            return started;
        } catch (ThreadLimitException e) {
            end(started); // nobody else knows of it
            throw e;
        }
    }

    /** Whether the launcher has ended by itself because the other side was too busy to take it. */
    private static boolean isRefused(WorkerProcess started, Place place) {
        return !started.agent().orElseThrow().hasSpoken()
                && started.exitCode().isPresent()
                && place.launcher().ownCodes().contains(started.exitCode().getAsInt())
                && started.lastStderrLines().stream()
                        .anyMatch(line -> CROWDED.matcher(line).find());
    }
}
