package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.neurontp.harness.nvml.Nvml;
import dev.neurontp.harness.nvml.NvmlLibrary;
import dev.neurontp.worker.library.LibrarySearch;
import dev.neurontp.worker.library.SharedLibrary;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What NVML says of this host's GPUs, as {@code key=value} lines, each as soon as it is known: whoever waits learns from the
 * last {@code asking} where it hangs. A program of its own, since the driver may hang in the kernel. Changes nothing.
 */
public final class NvmlProbe {
    private static final int MOST_GPUS = 64;

    private NvmlProbe() {}

    /** Prints the lines to stdout and exits with 0; with 1 when NVML does not answer, and a line {@code problem}. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        Optional<Nvml> opened = started(out);
        if (opened.isEmpty()) {
            System.exit(1);
        }
        Nvml nvml = opened.get();
        nvml.text("nvmlSystemGetDriverVersion").ifPresent(text -> say(out, "driver", text));
        nvml.text("nvmlSystemGetNVMLVersion").ifPresent(text -> say(out, "nvml", text));
        NvmlSystem.describe(nvml, out);
        gpus(nvml, out);
        say(out, "asking", "nvmlShutdown");
        nvml.call("nvmlShutdown");
    }

    /** The library after its nvmlInit; empty where it is not there or refuses, and a line {@code problem} says why. */
    static Optional<Nvml> started(PrintStream out) {
        say(out, "asking", "the device files");
        DeviceFiles.open(out);
        MemoryPolicy.describe(out);
        say(out, "asking", "the library");
        SharedLibrary library;
        try {
            library = NvmlLibrary.open(LibrarySearch.fromEnvironment());
        } catch (NvmlLibrary.NotThere e) {
            say(out, "problem", e.getMessage());
            return Optional.empty();
        }
        say(out, "library", library.name());
        say(out, "simulation", Boolean.toString(library.isSimulated()));
        Nvml nvml = new Nvml(library);
        say(out, "asking", "nvmlInit");
        int init = nvml.call("nvmlInit_v2");
        say(out, "init", Integer.toString(init));
        if (init != Nvml.SUCCESS) {
            say(out, "problem", "nvmlInit failed: " + NvmlLibrary.words(init));
            return Optional.empty();
        }
        return Optional.of(nvml);
    }

    private static void gpus(Nvml nvml, PrintStream out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            if (nvml.call("nvmlDeviceGetCount_v2", number) != Nvml.SUCCESS) {
                return;
            }
            int count = Math.clamp(number.get(JAVA_INT, 0), 0, MOST_GPUS);
            say(out, "count", Integer.toString(count));
            List<MemorySegment> devices = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                say(out, "asking", "GPU " + i);
                MemorySegment handle = arena.allocate(ADDRESS);
                int result = nvml.call("nvmlDeviceGetHandleByIndex_v2", i, handle);
                if (result == Nvml.SUCCESS) {
                    devices.add(handle.get(ADDRESS, 0));
                    new NvmlDevice(new NvmlLines(nvml, devices.getLast(), "gpu." + i + ".", out)).describe();
                } else {
                    devices.add(MemorySegment.NULL);
                    say(out, "gpu." + i + (result == Nvml.GPU_IS_LOST ? ".lost" : ".error"), Integer.toString(result));
                }
            }
            say(out, "asking", "peer access");
            NvmlPeers.describe(nvml, devices, out);
        }
    }

    static void say(PrintStream out, String key, String value) {
        out.println(key + "=" + value.replace('\n', ' '));
        out.flush();
    }
}
