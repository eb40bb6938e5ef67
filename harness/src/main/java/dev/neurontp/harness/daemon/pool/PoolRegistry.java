package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.daemon.metric.PoolGauge;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** All pools of a daemon. Any thread may call. */
public final class PoolRegistry {
    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 8;
    /** What all ended pools together keep of their workers' words, in characters. */
    private static final long MOST_ENDED_TEXT = 16 << 20;

    /** Of ids that are remembered for that moment. */
    private static final int MOST_REMOVED = 1024;

    private final PoolServices services;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, ManagedPool> pools = new LinkedHashMap<>();
    /** The newest of those that somebody has removed. */
    private final RecentIds removed = new RecentIds(MOST_REMOVED);
    /** What is being started, by id. */
    private final Map<String, StartingPool> starting = new LinkedHashMap<>();

    private boolean everHeld;

    private int mostLive;
    private int mostEnded;
    private int epochs;
    private boolean stopping;

    /**
     * No pool yet.
     *
     * @param mostLive how many may live at once
     * @param mostEnded how many stay in the list after their end; fewer where they keep more than 16 Mi characters of their
     *     workers' words together
     */
    public PoolRegistry(PoolServices services, int mostLive, int mostEnded) {
        this.services = services;
        this.mostLive = mostLive;
        this.mostEnded = mostEnded;
    }

    /** The same bounds with other values: live pools stay, and of those that have ended only so many. */
    public synchronized void limit(int live, int ended) {
        mostLive = live;
        mostEnded = ended;
        forgetOldest();
    }

    private List<Admission.Live> live() {
        List<Admission.Live> live = new ArrayList<>();
        pools.values().stream()
                .filter(pool -> !pool.isOver())
                .forEach(pool -> live.add(new Admission.Live(pool.id(), pool.plan())));
        starting.values().forEach(other -> live.add(new Admission.Live(other.id(), other.plan())));
        return live;
    }

    /**
     * Gives that pool, which the calling thread starts next, an id and its place; {@link #startIsOver} ends that.
     *
     * @throws PoolRequestException when there are too many, it collides with another one, or the daemon is stopping
     */
    synchronized StartingPool reserve(PoolPlan plan, RestartHistory restarts, Fences fences) {
        requireWorking();
        Admission.require(plan, live(), mostLive, fences);
        StartingPool reserved = new StartingPool(
                newId(),
                ++epochs,
                plan,
                restarts,
                services.clock().instant(),
                new PoolLog(services.logLines(), plan::host, services.clock()));
        starting.put(reserved.id(), reserved);
        everHeld = true;
        return reserved;
    }

    /**
     * Its processes were started. While the daemon stops it counts as one that is being started until {@link #startIsOver}.
     *
     * @return false where the daemon is stopping
     */
    synchronized boolean add(ManagedPool pool) {
        pools.put(pool.id(), pool);
        forgetOldest();
        if (!stopping) {
            startIsOver(pool.id());
        }
        return !stopping;
    }

    /** That pool is there, or is not to come. */
    synchronized void startIsOver(String id) {
        starting.remove(id);
        notifyAll();
    }

    /** Refuses where that pool would collide with others than {@code replaced}, if there is one. */
    synchronized void requireRoom(PoolPlan plan, Optional<ManagedPool> replaced, Fences fences) {
        requireWorking();
        List<Admission.Live> others = live().stream()
                .filter(pool ->
                        replaced.filter(old -> old.id().equals(pool.id())).isEmpty())
                .toList();
        Admission.require(plan, others, mostLive, fences);
    }

    /** Those that ended first go first. One that is to be started again stays until it was. */
    synchronized void forgetOldest() {
        long now = System.nanoTime();
        List<ManagedPool> ended = pools.values().stream()
                .filter(pool -> pool.isOver() && !pool.awaitsRestart())
                .sorted(Comparator.comparingLong(pool -> pool.endedNanos() - now))
                .toList();
        int kept = 0;
        long text = 0;
        for (ManagedPool pool : ended.reversed()) {
            text += pool.textLength();
            if (kept > 0 && (kept >= mostEnded || text > MOST_ENDED_TEXT)) {
                drop(pool);
            } else {
                kept++;
            }
        }
    }

    /**
     * The pool with that id, or with that name: the live one, else the newest of those that have ended.
     *
     * @throws PoolRequestException when there is none, or one that is being started
     */
    public ManagedPool get(String idOrName) {
        if (starting(idOrName).isPresent()) {
            throw new PoolRequestException(
                    ErrorType.WRONG_STATE,
                    "the pool '" + shown(idOrName) + "' is being started, and takes requests when its processes are"
                            + " there: those on other hosts when all of their agents were heard",
                    new PoolRequestException.Detail.State(PoolState.STARTING));
        }
        return find(idOrName)
                .orElseThrow(() -> new PoolRequestException(
                        ErrorType.NO_SUCH_POOL, "there is no pool '" + shown(idOrName) + "' here"));
    }

    /**
     * The pool with that id or name, for its end: where it is being started, nobody waits for its agents any more, and it is there in a moment.
     *
     * @throws PoolRequestException as {@link #get} does; after that time also where it is still being started
     */
    public ManagedPool getToEnd(String idOrName, Duration patience) throws InterruptedException {
        Optional<StartingPool> start = starting(idOrName);
        if (start.isEmpty()) {
            ManagedPool pool = get(idOrName);
            if (pool.awaitsRestart()) {
                giveUpInPlaceOf(pool);
            }
            return pool;
        }
        start.get().giveUp();
        String id = start.get().id();
        awaitStarts(() -> !starting.containsKey(id), Deadline.in(patience));
        if (starting(id).isEmpty() && find(id).isEmpty()) {
            throw new PoolRequestException(
                    ErrorType.POOL_ENDED, "the pool " + id + " is not there: its start has ended before it was");
        }
        return get(id);
    }

    private synchronized void giveUpInPlaceOf(ManagedPool failed) {
        starting.values().stream()
                .filter(pool -> pool.restarts().of().filter(failed.id()::equals).isPresent())
                .forEach(StartingPool::giveUp);
    }

    /** Waits until no pool of that name is just being started, for so long at most; false where one still is. */
    boolean awaitStart(String name, Duration patience) throws InterruptedException {
        return awaitStarts(() -> starting.values().stream().noneMatch(pool -> pool.is(name)), Deadline.in(patience));
    }

    /** Waits until that pool is in the list, or was ended because its daemon stops, for so long at most; false where it is still being started. */
    boolean awaitStart(ManagedPool pool, Duration patience) throws InterruptedException {
        return awaitStarts(() -> !starting.containsKey(pool.id()), Deadline.in(patience));
    }

    /** The one with that id or name whose processes are being started, unless one that lives has that name, or one that id. */
    public synchronized Optional<StartingPool> starting(String idOrName) {
        boolean taken = find(idOrName)
                .filter(pool -> !pool.isOver() || pool.id().equals(idOrName))
                .isPresent();
        return taken
                ? Optional.empty()
                : starting.values().stream().filter(pool -> pool.is(idOrName)).findFirst();
    }

    /** The same; empty when there is none. */
    public synchronized Optional<ManagedPool> find(String idOrName) {
        return Optional.ofNullable(pools.get(idOrName))
                .or(() -> pools.values().stream()
                        .filter(pool ->
                                pool.plan().name().filter(idOrName::equals).isPresent())
                        .max(Comparator.comparing((ManagedPool pool) -> !pool.isOver())
                                .thenComparingInt(ManagedPool::epoch)));
    }

    /** The pool of that name that has not ended. */
    synchronized Optional<ManagedPool> live(String name) {
        return pools.values().stream()
                .filter(pool -> !pool.isOver()
                        && pool.plan().name().filter(name::equals).isPresent())
                .findFirst();
    }

    /**
     * All of them at one moment.
     *
     * @param pools the oldest first
     * @param starting those whose processes are being started, the oldest first
     */
    public record Listed(List<ManagedPool> pools, List<StartingPool> starting) {
        public Listed {
            pools = List.copyOf(pools);
            starting = List.copyOf(starting);
        }

        /** What the gauges show of them. */
        public List<PoolGauge> gauges() {
            return Stream.concat(
                            pools.stream().map(ManagedPool::gauge),
                            starting.stream().map(StartingPool::gauge))
                    .toList();
        }
    }

    /** Whether there was a pool, and each has ended because somebody asked for that: one that has failed stays to be looked at. */
    public synchronized boolean hasNoPoolAnyMore() {
        return everHeld
                && starting.isEmpty()
                && pools.values().stream().allMatch(pool -> pool.isOver() && pool.state() != PoolState.FAILED);
    }

    /** All of them, with those that are being started. */
    public synchronized Listed listed() {
        return new Listed(
                all(),
                starting.values().stream()
                        .filter(pool -> !pools.containsKey(pool.id()))
                        .toList());
    }

    /** All of them whose processes were started, the oldest first. */
    public synchronized List<ManagedPool> all() {
        return List.copyOf(pools.values());
    }

    /**
     * Removes an ended pool from the list, because somebody has asked for that. What was written down of it goes too, unless not all of it was seen
     * to end: that is the only trace of what may still run somewhere.
     */
    public void forget(ManagedPool pool) {
        if (pool.isGone()) {
            removed.add(pool.id());
            services.records().removed(pool.id());
        }
        drop(pool);
    }

    /** Whether somebody has removed that pool: what is kept of it goes a moment later. */
    public boolean isRemoved(String id) {
        return removed.contains(id);
    }

    private synchronized void drop(ManagedPool pool) {
        if (pools.remove(pool.id(), pool)) {
            pool.forgotten();
            services.metrics().forget(pool.id());
            services.events()
                    .publish(new Event.Subject(pool.id(), pool.epoch()), new EventData.PoolForgotten(pool.state()));
        }
    }

    /** Refuses when no new work is taken any more. */
    public synchronized void requireWorking() {
        if (stopping) {
            throw new PoolRequestException(ErrorType.STOPPING, "this daemon is stopping and takes no new work");
        }
    }

    public synchronized boolean isStopping() {
        return stopping;
    }

    /** No new work from now on. The wait for agents that are not heard ends. */
    public synchronized void stopTakingWork() {
        if (!stopping) {
            stopping = true;
            starting.values().forEach(StartingPool::giveUp);
        }
    }

    /**
     * Shuts down all pools in parallel; those that have not ended in time are abandoned.
     *
     * @return whether every rank of every pool was seen to end, also of pools that are in the list no more
     */
    public boolean shutDownAll(Deadline deadline) throws InterruptedException {
        stopTakingWork();
        List<ManagedPool> live = all().stream().filter(pool -> !pool.isOver()).toList();
        Map<ManagedPool, PoolOperation> shutdowns = new LinkedHashMap<>();
        for (ManagedPool pool : live) {
            shutdowns.put(pool, pool.request(OperationKind.SHUTDOWN, Duration.ZERO));
        }
        for (Map.Entry<ManagedPool, PoolOperation> shutdown : shutdowns.entrySet()) {
            ManagedPool pool = shutdown.getKey();
            boolean over = deadline.await(nanos -> pool.awaitOver(Duration.ofNanos(nanos)));
            if (over) {
                deadline.await(nanos -> shutdown.getValue().await(Duration.ofNanos(nanos)));
            } else {
                services.log().abandoned(pool.id(), pool.plan());
            }
        }
        // A pool that was just being started is ended by whoever starts it.
        return awaitStarts(starting::isEmpty, deadline) && services.ledger().isEmpty();
    }

    /** Waits until starts are over as far as that tells; false when the time was over before. */
    private boolean awaitStarts(BooleanSupplier over, Deadline deadline) throws InterruptedException {
        return deadline.await(nanos -> awaitStartsWithin(Deadline.in(Duration.ofNanos(nanos)), over));
    }

    private synchronized boolean awaitStartsWithin(Deadline step, BooleanSupplier over) throws InterruptedException {
        while (!over.getAsBoolean() && !step.expired()) {
            wait(Math.max(1, Duration.ofNanos(step.remainingNanos()).toMillis()));
        }
        return over.getAsBoolean();
    }

    private synchronized String newId() {
        String id;
        do {
            StringBuilder letters = new StringBuilder();
            for (int i = 0; i < ID_LENGTH; i++) {
                letters.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
            }
            id = letters.toString();
        } while (isTaken(id));
        return id;
    }

    /** A name may look like an id. */
    private boolean isTaken(String id) {
        return pools.containsKey(id)
                || starting.containsKey(id)
                || Stream.concat(
                                pools.values().stream().map(ManagedPool::plan),
                                starting.values().stream().map(StartingPool::plan))
                        .anyMatch(plan -> plan.name().filter(id::equals).isPresent());
    }

    private static String shown(String id) {
        return ForeignText.of(id, ForeignText.NAME);
    }
}
