package dev.neurontp.ops.doctor.nvml;

import dev.neurontp.harness.nvml.Nvml;
import dev.neurontp.harness.nvml.NvmlEvents;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counters of this host's GPUs, again for each line that comes on stdin, as {@code key=value} lines with {@code end=1} behind
 * them. A program of its own, since the driver may hang in the kernel; it ends with its stdin. Changes nothing.
 */
public final class NvmlWatch {
    /** The last line of an answer. */
    public static final String END = "end";

    private final Nvml nvml;
    private final PrintStream out;
    private final List<MemorySegment> devices = new ArrayList<>();
    /** Asked once: of a lost GPU that call fails too. */
    private final List<Optional<String>> uuids = new ArrayList<>();

    private NvmlWatch(Nvml nvml, PrintStream out) {
        this.nvml = nvml;
        this.out = out;
    }

    /** Exits with 1 when NVML does not answer, after a line {@code problem}. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        Nvml nvml = NvmlProbe.started(out).orElse(null);
        if (nvml == null) {
            NvmlProbe.say(out, END, "1");
            System.exit(1);
        }
        new NvmlWatch(nvml, out).run();
    }

    private void run() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            devices.addAll(nvml.devices(arena, gpu -> NvmlProbe.say(out, "asking", "GPU " + gpu)));
            for (MemorySegment device : devices) {
                uuids.add(device.address() == 0 ? Optional.empty() : nvml.text("nvmlDeviceGetUUID", device));
            }
            NvmlEvents events = new NvmlEvents(nvml, devices, arena);
            int next = System.in.read();
            while (next >= 0) {
                if (next == '\n') {
                    answer(events);
                }
                next = System.in.read();
            }
        }
    }

    private void answer(NvmlEvents events) {
        NvmlProbe.say(out, "count", Integer.toString(devices.size()));
        for (int i = 0; i < devices.size(); i++) {
            NvmlProbe.say(out, "asking", "GPU " + i);
            String prefix = "gpu." + i + ".";
            MemorySegment device = devices.get(i);
            if (device.address() != 0) {
                uuids.get(i).ifPresent(uuid -> NvmlProbe.say(out, prefix + "uuid", uuid));
                NvmlProbe.say(out, prefix + "xid_watched", events.watches(i) ? "1" : "0");
                new NvmlCounters(new NvmlLines(nvml, device, prefix, out)).describe();
            }
        }
        NvmlProbe.say(out, "asking", "the Xids");
        for (Map.Entry<Integer, String> one : events.take().entrySet()) {
            NvmlProbe.say(out, "gpu." + one.getKey() + ".xids", one.getValue());
        }
        NvmlProbe.say(out, END, "1");
    }
}
