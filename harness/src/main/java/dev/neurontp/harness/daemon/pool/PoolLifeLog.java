package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.text.Secrets;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the daemon's log says of its pools: each one's creation, joining, end and restart. Reasons quote what workers have said, so
 * they are masked here, as they are in what is written down. Any thread may call.
 */
public final class PoolLifeLog {
    private static final Logger LOG = LoggerFactory.getLogger(PoolLifeLog.class);

    private final BooleanSupplier tellsReasons;

    /** Says why a pool has failed or was not created only where {@code tellsReasons}: another one may tell it better. */
    public PoolLifeLog(BooleanSupplier tellsReasons) {
        this.tellsReasons = tellsReasons;
    }

    /** The pids of another host's workers are not known yet: its name stands for them. */
    void created(String id, PoolPlan plan, List<RankSnapshot> ranks) {
        String hosts = Ranks.on(ranks.stream().map(RankSnapshot::host).toList()).strip();
        String pids = ranks.stream()
                .flatMap(rank -> rank.process().stream())
                .map(process -> String.valueOf(process.pid()))
                .collect(Collectors.joining(", "));
        LOG.info(
                "pool {}{} was created: {}, {}",
                id,
                plan.quotedName(),
                plan.size(),
                hosts.isEmpty() ? "pids " + pids : hosts);
    }

    void notCreated(PoolPlan plan, String reason) {
        LOG.warn("a pool{} of {} was not created{}", plan.quotedName(), plan.size(), told(reason));
    }

    void joined(String id, PoolPlan plan) {
        LOG.info("pool {}{} has joined", id, plan.quotedName());
    }

    void shutDown(String id, PoolPlan plan) {
        LOG.info("pool {}{} has ended: the pool was shut down", id, plan.quotedName());
    }

    void failed(String id, PoolPlan plan, String reason) {
        LOG.warn("pool {}{} has failed{}", id, plan.quotedName(), told(reason));
    }

    void refusedToLeave(String id, PoolPlan plan, RankExit rank) {
        LOG.warn(
                "rank {} of pool {}{}{} did not leave in order: {}",
                rank.rank(),
                id,
                plan.quotedName(),
                where(rank),
                Secrets.masked(rank.refusal()));
    }

    private static String where(RankExit rank) {
        return Ranks.where(rank.pid(), rank.elsewhere().map(RankExit.Elsewhere::host));
    }

    void lost(String id, PoolPlan plan, RankExit rank) {
        LOG.warn(
                "rank {} of pool {}{}{} is lost: {}: {}",
                rank.rank(),
                id,
                plan.quotedName(),
                where(rank),
                Secrets.masked(rank.lost()),
                remedy(rank));
    }

    void rendezvousLost(String id, PoolPlan plan) {
        LOG.warn(
                "what serves the comm_id of pool {}{} was not seen to end: look for neuron --comm-id where its rank 0 ran",
                id,
                plan.quotedName());
    }

    private static String remedy(RankExit lost) {
        Optional<Long> left = lost.remains().known().stream().findFirst().map(ProcessIdentity::pid);
        if (left.isPresent()) {
            return lost.outlivedSigkill()
                    ? "the kernel's log and /proc/" + left.get() + "/stack may tell on what"
                    : "see whether the process " + left.get() + " still runs, and end it";
        }
        if (!lost.remains().none()) {
            return "what is left of it, if anything, has NEURONTP_PROCESS_MARK in its environment";
        }
        return lost.elsewhere().isPresent() ? "look for it there" : "look for it where its command starts workers";
    }

    void restarted(String id, PoolPlan plan, String successor) {
        LOG.warn("pool {}{} has failed and is restarted as {}", id, plan.quotedName(), successor);
    }

    void restartRefused(String id, PoolPlan plan, String reason) {
        LOG.warn("pool {}{} has failed and is not restarted yet: {}", id, plan.quotedName(), Secrets.masked(reason));
    }

    void notRestarted(String id, PoolPlan plan, String reason) {
        LOG.error("pool {}{} has failed and is not restarted: {}", id, plan.quotedName(), Secrets.masked(reason));
    }

    /** Somebody has ended the pool that was to be in its place. */
    void restartEnded(String id, PoolPlan plan, String reason) {
        LOG.info("pool {}{} is not restarted: {}", id, plan.quotedName(), reason);
    }

    void restartPauses(String id, PoolPlan plan, Duration pause) {
        LOG.warn("pool {}{} has failed and is restarted in {}", id, plan.quotedName(), Durations.span(pause));
    }

    void restartWaits(String id, PoolPlan plan, Fence fence) {
        LOG.warn(
                "pool {}{} is restarted when nothing may hold its devices any more: rank {} of the pool {} {}",
                id,
                plan.quotedName(),
                fence.rank(),
                fence.pool(),
                fence.why());
    }

    void abandoned(String id, PoolPlan plan) {
        LOG.warn("pool {}{} did not end in time and is abandoned", id, plan.quotedName());
    }

    private String told(String reason) {
        return tellsReasons.getAsBoolean() ? ": " + Secrets.masked(reason) : "";
    }
}
