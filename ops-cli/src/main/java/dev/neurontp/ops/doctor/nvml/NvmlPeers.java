package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.neurontp.harness.nvml.Nvml;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Peer access of each pair, both ways: the worse status of reading and writing. */
final class NvmlPeers {
    private static final int READ = 0;
    private static final int WRITE = 1;

    private NvmlPeers() {}

    static void describe(Nvml nvml, List<MemorySegment> devices, PrintStream out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            for (int i = 0; i < devices.size(); i++) {
                for (int j = 0; j < devices.size(); j++) {
                    MemorySegment from = devices.get(i);
                    MemorySegment to = devices.get(j);
                    if (i == j || from.address() == 0 || to.address() == 0) {
                        continue;
                    }
                    int worst = -1;
                    for (int way : List.of(READ, WRITE)) {
                        if (nvml.call("nvmlDeviceGetP2PStatus", from, to, way, status) == Nvml.SUCCESS) {
                            worst = Math.max(worst, status.get(JAVA_INT, 0));
                        }
                    }
                    if (worst >= 0) {
                        NvmlProbe.say(out, "gpu." + i + ".p2p." + j, Integer.toString(worst));
                    }
                }
            }
        }
    }
}
