package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.metric.PoolGauge;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.text.Ranks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pool whose processes are being started: those on other hosts until all of their agents are heard. It has no ranks yet and takes no
 * requests but those for its end. Any thread.
 */
public final class StartingPool {
    private final String id;
    private final int epoch;
    private final PoolPlan plan;
    private final RestartHistory restarts;
    private final Instant since;
    private final PoolLog log;
    private final Thread starter = Thread.currentThread();
    private volatile String whyNone = "";
    private volatile String lost = "";
    private boolean waits = true;
    private boolean givenUp;

    /**
     * One that the calling thread starts next.
     *
     * @param id the one that it keeps
     * @param epoch which pool of this daemon it is, from 1
     * @param restarts that led to it
     * @param since when its start began
     * @param log of what its launchers and workers write
     */
    StartingPool(String id, int epoch, PoolPlan plan, RestartHistory restarts, Instant since, PoolLog log) {
        this.id = id;
        this.epoch = epoch;
        this.plan = plan;
        this.restarts = restarts;
        this.since = since;
        this.log = log;
    }

    public String id() {
        return id;
    }

    public int epoch() {
        return epoch;
    }

    public PoolPlan plan() {
        return plan;
    }

    RestartHistory restarts() {
        return restarts;
    }

    /** How many restarts led to it. */
    public int restartCount() {
        return restarts.count();
    }

    public Instant since() {
        return since;
    }

    /** Its start has failed: there is none, and its launchers say no more. */
    void failed(String why) {
        whyNone = why;
        log.close();
    }

    /** Ranks of it that were started before it failed, and that nobody has seen to end. */
    void lost(List<Integer> ranks) {
        lost = "; " + Ranks.words(ranks) + (ranks.size() == 1 ? " was" : " were") + " lost: see the daemon's log";
    }

    /** The same for a sentence, with what separates it; empty where there are none. */
    String lostWords() {
        return lost;
    }

    /** Whether its processes are still being started. */
    synchronized boolean waits() {
        return waits;
    }

    /** Why its start has failed; empty where it has not. */
    public Optional<String> whyNone() {
        return Optional.of(whyNone).filter(why -> !why.isEmpty());
    }

    /** What its launchers have written so far, and its workers. */
    public PoolLog log() {
        return log;
    }

    /** What the gauges show of it: it has no ranks yet. */
    PoolGauge gauge() {
        return new PoolGauge(
                id, plan.name(), plan.communicatorLabel(), PoolState.STARTING, plan.worldSize(), List.of());
    }

    boolean is(String idOrName) {
        return id.equals(idOrName) || plan.name().filter(idOrName::equals).isPresent();
    }

    /** Ends the wait for the agents that are not heard: the pool is there then, without them. */
    synchronized void giveUp() {
        if (waits && !givenUp) {
            starter.interrupt();
        }
        givenUp = true;
    }

    /** Whether somebody has asked for its end while it was being started. */
    synchronized boolean isGivenUp() {
        return givenUp;
    }

    /** Nobody is waited for any more. By the thread that starts it, which an interrupt for that wait reaches no more. */
    synchronized void waited() {
        waits = false;
        if (givenUp) {
            boolean _ = Thread.interrupted();
        }
    }
}
