package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.api.ErrorType;
import dev.neurontp.harness.daemon.api.Refusal;
import dev.neurontp.harness.daemon.event.EventType;
import dev.neurontp.harness.daemon.event.Happening;
import dev.neurontp.harness.pool.Deadline;
import dev.neurontp.harness.pool.PoolFailure;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All pools of a daemon. Any thread may call. */
public final class PoolBoard {
    private static final Logger LOG = LoggerFactory.getLogger(PoolBoard.class);
    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 8;

    private final Surroundings around;
    private final int mostLive;
    private final int mostEnded;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, LivePool> pools = new LinkedHashMap<>();
    private int starting;
    private int epochs;
    private boolean stopping;

    /**
     * No pool yet.
     *
     * @param mostLive how many may live at once
     * @param mostEnded how many are kept in sight after their end
     */
    public PoolBoard(Surroundings around, int mostLive, int mostEnded) {
        this.around = around;
        this.mostLive = mostLive;
        this.mostEnded = mostEnded;
    }

    /** A pool that exists, and its coming up. */
    public record Created(LivePool pool, PoolOperation operation) {}

    /**
     * Brings up a pool.
     *
     * @throws Refusal when the plan breaks a rule, there are too many, a process cannot be started, or the daemon is stopping
     */
    public Created create(PoolPlan plan) throws InterruptedException {
        int epoch = reserve();
        LivePool pool = null;
        try {
            pool = new LivePool(newId(), epoch, plan, around);
            PoolOperation operation = pool.comeUp();
            return new Created(pool, operation);
        } catch (IllegalArgumentException e) {
            throw new Refusal(ErrorType.WRONG_SHAPE, e.getMessage());
        } catch (PoolFailure e) {
            throw Views.refusal(e);
        } finally {
            settle(pool);
        }
    }

    private synchronized int reserve() {
        requireWorking();
        long live = pools.values().stream().filter(pool -> !pool.isOver()).count() + starting;
        if (live >= mostLive) {
            throw new Refusal(
                    ErrorType.TOO_MANY_POOLS,
                    live + " pools live here already: shut one down, or raise limits.pools",
                    Map.of("limit", mostLive));
        }
        starting++;
        return ++epochs;
    }

    private void settle(LivePool pool) {
        boolean late;
        synchronized (this) {
            starting--;
            late = stopping;
            if (pool != null) {
                pools.put(pool.id(), pool);
                forgetOldest();
            }
            notifyAll();
        }
        if (late && pool != null) {
            pool.close();
        }
    }

    private void forgetOldest() {
        List<LivePool> ended = pools.values().stream().filter(LivePool::isOver).toList();
        ended.stream().limit(Math.max(0, ended.size() - mostEnded)).forEach(this::forget);
    }

    /**
     * That pool.
     *
     * @throws Refusal when there is none
     */
    public synchronized LivePool get(String id) {
        LivePool pool = pools.get(id);
        if (pool == null) {
            throw new Refusal(
                    ErrorType.NO_SUCH_POOL, "there is no pool '" + shown(id) + "' here: GET /pools lists them");
        }
        return pool;
    }

    /** Whether that pool has been taken out of the list. */
    public synchronized boolean forgotten(LivePool pool) {
        return pools.get(pool.id()) != pool;
    }

    /** All of them, the oldest first. */
    public synchronized List<LivePool> all() {
        return List.copyOf(pools.values());
    }

    /** Takes an ended pool out of the list. */
    public synchronized void forget(LivePool pool) {
        if (pools.remove(pool.id(), pool)) {
            around.events()
                    .publish(Happening.of(EventType.POOL_FORGOTTEN)
                            .in(pool.id(), pool.epoch())
                            .state(Views.label(pool.state())));
        }
    }

    /** Refuses when no new work is taken any more. */
    public synchronized void requireWorking() {
        if (stopping) {
            throw new Refusal(ErrorType.STOPPING, "this daemon is stopping and takes no new work");
        }
    }

    public synchronized boolean isStopping() {
        return stopping;
    }

    /** No new work from now on. */
    public synchronized void stopTakingWork() {
        stopping = true;
    }

    /** Shuts down all pools in parallel; those that are not gone in time are ended at once. True when all are gone. */
    public boolean shutDownAll(Deadline deadline) throws InterruptedException {
        stopTakingWork();
        List<LivePool> live = all().stream().filter(pool -> !pool.isOver()).toList();
        for (LivePool pool : live) {
            pool.request(OperationKind.SHUTDOWN, Duration.ZERO);
        }
        boolean all = true;
        for (LivePool pool : live) {
            boolean over = pool.awaitOver(Duration.ofNanos(deadline.remainingNanos()));
            if (!over) {
                LOG.warn("pool {} was not down in time and is left to its own end", pool.id());
            }
            all &= over;
        }
        return all && awaitStarting(deadline);
    }

    /** A pool that was just being started is ended by whoever starts it. */
    private synchronized boolean awaitStarting(Deadline deadline) throws InterruptedException {
        while (starting > 0 && !deadline.expired()) {
            wait(Math.max(1, Duration.ofNanos(deadline.remainingNanos()).toMillis()));
        }
        return starting == 0;
    }

    private synchronized String newId() {
        String id;
        do {
            StringBuilder letters = new StringBuilder();
            for (int i = 0; i < ID_LENGTH; i++) {
                letters.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
            }
            id = letters.toString();
        } while (pools.containsKey(id));
        return id;
    }

    private static String shown(String id) {
        String safe = id.replaceAll("[^!-~]", "?");
        return safe.length() > 64 ? safe.substring(0, 64) + "..." : safe;
    }
}
