package dev.neurontp.harness.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The Xids of the GPUs since the last look; the driver keeps them until then. Struct offsets are those of nvml.h, API 13. One
 * thread.
 */
public final class NvmlEvents {
    private static final long XID = 0x8;
    private static final int EVENT_BYTES = 32;
    private static final int EVENT_TYPE = 8;
    private static final int EVENT_DATA = 16;
    /** A GPU that fails writes them by the hundred. */
    private static final int MOST = 1000;

    private final Nvml nvml;
    private final MemorySegment set;
    private final MemorySegment event;
    private final Map<Long, Integer> indexes = new HashMap<>();

    /**
     * Asks for them from now on.
     *
     * @param devices by index; NULL for one that cannot be asked
     */
    public NvmlEvents(Nvml nvml, List<MemorySegment> devices, Arena arena) {
        this.nvml = nvml;
        this.event = arena.allocate(EVENT_BYTES, Long.BYTES);
        MemorySegment handle = arena.allocate(ADDRESS);
        boolean created = nvml.call("nvmlEventSetCreate", handle) == Nvml.SUCCESS;
        set = created ? handle.get(ADDRESS, 0) : MemorySegment.NULL;
        for (int i = 0; created && i < devices.size(); i++) {
            MemorySegment device = devices.get(i);
            if (device.address() != 0 && nvml.call("nvmlDeviceRegisterEvents", device, XID, set) == Nvml.SUCCESS) {
                indexes.put(device.address(), i);
            }
        }
    }

    /** Whether the Xids of that GPU can be seen. */
    public boolean watches(int index) {
        return indexes.containsValue(index);
    }

    /** What has come, by index: numbers with commas between them. */
    public Map<Integer, String> take() {
        Map<Integer, StringJoiner> found = new HashMap<>();
        for (int i = 0; i < MOST && next(0) == Nvml.SUCCESS; i++) {
            xid().ifPresent(one -> found.computeIfAbsent(one.gpu(), _ -> new StringJoiner(","))
                    .add(Long.toUnsignedString(one.number())));
        }
        Map<Integer, String> words = new HashMap<>();
        found.forEach((index, xids) -> words.put(index, xids.toString()));
        return words;
    }

    /**
     * Waits for the next event of any GPU.
     *
     * @param millis at most so long
     * @return NVML's result: {@link Nvml#SUCCESS}, and {@link #xid} says which, {@link Nvml#TIMEOUT}, or an error
     */
    public int next(int millis) {
        return set.address() == 0 ? Nvml.NO_FUNCTION : nvml.call("nvmlEventSetWait_v2", set, event, millis);
    }

    /** The event that {@link #next} found; empty for one that is no Xid of a GPU of this list. */
    public Optional<Xid> xid() {
        Integer index = indexes.get(event.get(ADDRESS, 0).address());
        return index != null && event.get(JAVA_LONG, EVENT_TYPE) == XID
                ? Optional.of(new Xid(index, event.get(JAVA_LONG, EVENT_DATA)))
                : Optional.empty();
    }

    /**
     * What the driver says that a GPU did wrong.
     *
     * @param gpu its index
     * @param number of NVIDIA's list of Xid errors
     */
    public record Xid(int gpu, long number) {}
}
