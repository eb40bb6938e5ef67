package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.api.RankView;
import dev.neurontp.harness.daemon.device.DeviceWatch;
import dev.neurontp.harness.pool.PoolSnapshot;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.worker.comm.CommunicatorProvider;

/** A pool as its clients see it. */
final class PoolMapper {
    private PoolMapper() {}

    static PoolSummary summary(ManagedPool pool, PoolSnapshot now) {
        return new PoolSummary(
                pool.id(),
                pool.epoch(),
                ApiMapper.label(now.state()),
                now.worldSize(),
                communicator(pool),
                pool.created(),
                now.ranks().stream().map(PoolMapper::pid).toList(),
                pool.busy(),
                now.reason());
    }

    static PoolView view(ManagedPool pool, PoolSnapshot now, PoolEventRecorder watch, DeviceWatch devices) {
        return new PoolView(
                pool.id(),
                pool.epoch(),
                ApiMapper.label(now.state()),
                now.worldSize(),
                communicator(pool),
                pool.plan().command(),
                pool.created(),
                watch.ended(),
                pool.busy(),
                now.reason(),
                watch.failure(),
                now.ranks().stream()
                        .map(rank -> rank(rank, pool, watch, devices))
                        .toList());
    }

    /** What a stand-in carries can never be taken for hardware. */
    private static String communicator(ManagedPool pool) {
        CommunicatorProvider provider = pool.plan().communicator();
        return provider.name() + (provider.isSimulated() ? " (SIMULATION)" : "");
    }

    private static RankView rank(RankSnapshot rank, ManagedPool pool, PoolEventRecorder watch, DeviceWatch devices) {
        return new RankView(
                rank.rank(),
                pid(rank),
                rank.process().map(ProcessIdentity::startTicks).orElse(0L),
                rank.process().map(ProcessIdentity::bootId).orElse(""),
                rank.started(),
                rank.device(),
                ApiMapper.label(rank.state()),
                rank.lastPong(),
                rank.roundTrip().map(ApiMapper::millis),
                new RankView.Memory(
                        rank.process().filter(ProcessIdentity::alive).flatMap(ResidentMemory::of),
                        devices.usedBy(pid(rank))),
                pool.log().last(rank.rank()),
                watch.end(rank.rank()));
    }

    private static long pid(RankSnapshot rank) {
        return rank.process().map(ProcessIdentity::pid).orElse(0L);
    }
}
