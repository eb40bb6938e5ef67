package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a daemon takes a new pool in addition to those that live. */
final class Admission {
    private Admission() {}

    /** A pool that lives, or that is just being started. */
    record Live(String id, PoolPlan plan) {}

    /**
     * Returns where nothing speaks against the new pool.
     *
     * @param most how many may live at once
     * @throws PoolRequestException with the reason
     */
    static void require(PoolPlan plan, List<Live> live, int most, Fences fences) {
        if (live.size() >= most) {
            throw new PoolRequestException(
                    ErrorType.TOO_MANY_POOLS,
                    live.size() + " pools live here already: shut one down, or raise limits.pools",
                    new PoolRequestException.Detail.Limit(most));
        }
        plan.name().ifPresent(name -> requireFree(name, live));
        if (plan.communicator().needsGpu() && !plan.shareDevices()) {
            requireFreeDevices(plan, live);
        }
        fences.before(plan).ifPresent(fence -> {
            throw new PoolRequestException(
                    ErrorType.DEVICE_TAKEN,
                    "the device " + asked(fence, plan) + " may still be held: rank " + fence.rank() + " of the pool "
                            + fence.pool() + " " + fence.why()
                            + ": try again then, or name other devices",
                    new PoolRequestException.Detail.Holder(fence.pool()));
        });
    }

    /** What another command starts may be on another host, where the same numbers are other GPUs. */
    private static void requireFreeDevices(PoolPlan plan, List<Live> live) {
        for (Live other : live) {
            List<Slot> taken = plan.slots().stream()
                    .filter(slot -> slot.isOneOf(other.plan().slots()))
                    .distinct()
                    .toList();
            if (!taken.isEmpty()
                    && other.plan().communicator().needsGpu()
                    && (plan.placement().isPresent() || other.plan().command().equals(plan.command()))) {
                throw new PoolRequestException(
                        ErrorType.DEVICE_TAKEN,
                        "the pool " + other.id()
                                + other.plan()
                                        .name()
                                        .map(name -> " '" + name + "'")
                                        .orElse("") + " has the GPU "
                                + taken.stream()
                                        .map(slot -> words(slot, other.plan().slots()))
                                        .collect(Collectors.joining(", "))
                                + ": end that pool, name other devices, or set share_devices",
                        new PoolRequestException.Detail.Holder(other.id()));
            }
        }
    }

    private static String asked(Fence fence, PoolPlan plan) {
        return plan.slots().stream()
                .filter(fence.slot()::isSame)
                .findFirst()
                .map(slot -> words(slot, List.of(fence.slot())))
                .orElse(fence.slot().toString());
    }

    private static String words(Slot slot, List<Slot> others) {
        return others.stream()
                .filter(slot::isSame)
                .filter(other -> !other.host().equals(slot.host()))
                .findFirst()
                .map(other -> slot + " (there " + (other.host().isEmpty() ? "of this host" : other.toString()) + ")")
                .orElse(slot.toString());
    }

    private static void requireFree(String name, List<Live> live) {
        for (Live other : live) {
            if (other.plan().name().filter(name::equals).isPresent()
                    || other.id().equals(name)) {
                throw new PoolRequestException(
                        ErrorType.NAME_TAKEN,
                        "the name '" + name + "' is taken by the live pool " + other.id()
                                + ": end that pool first, or take another name",
                        new PoolRequestException.Detail.Holder(other.id()));
            }
        }
    }
}
