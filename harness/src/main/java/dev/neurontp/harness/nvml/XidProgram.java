package dev.neurontp.harness.nvml;

import dev.neurontp.worker.library.LibrarySearch;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Prints what the driver says that this host's GPUs do wrong, as it comes: {@code watching GPU} for each whose Xids can be seen,
 * then {@code xid GPU NUMBER}; where it cannot go on {@code problem WORDS}, and it ends. A program of its own, since the driver
 * may hang in the kernel. It ends with its stdin, which carries nothing else. Changes nothing.
 */
public final class XidProgram {
    /** Its lines begin with one of these. */
    public static final String WATCHING = "watching";

    public static final String XID = "xid";
    public static final String PROBLEM = "problem";

    /** A wait that nothing ends costs a switch. */
    private static final int WAIT_MILLIS = 60_000;

    private XidProgram() {}

    /** Exits with 1 when NVML cannot be asked, or not any more. */
    public static void main(String[] arguments) throws ThreadLimitException {
        DaemonThread.start("stdin", XidProgram::endWithStdin);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        say(out, PROBLEM, watch(out));
        Runtime.getRuntime().halt(1);
    }

    private static void endWithStdin() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // As good as its end.
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    private static String watch(PrintStream out) {
        Nvml nvml;
        try {
            nvml = new Nvml(NvmlLibrary.open(LibrarySearch.fromEnvironment()));
        } catch (NvmlLibrary.NotThere e) {
            return e.getMessage();
        }
        int init = nvml.call("nvmlInit_v2");
        if (init != Nvml.SUCCESS) {
            return "nvmlInit failed: " + NvmlLibrary.words(init);
        }
        try (Arena arena = Arena.ofConfined()) {
            List<MemorySegment> devices = nvml.devices(arena, _ -> {});
            NvmlEvents events = new NvmlEvents(nvml, devices, arena);
            boolean any = false;
            for (int i = 0; i < devices.size(); i++) {
                if (events.watches(i)) {
                    any = true;
                    say(out, WATCHING, Integer.toString(i));
                }
            }
            return any ? follow(out, events) : "NVML tells the events of none of its " + devices.size() + " GPUs";
        }
    }

    private static String follow(PrintStream out, NvmlEvents events) {
        while (!out.checkError()) {
            int result = events.next(WAIT_MILLIS);
            if (result == Nvml.SUCCESS) {
                events.xid().ifPresent(one -> say(out, XID, one.gpu() + " " + Long.toUnsignedString(one.number())));
            } else if (result != Nvml.TIMEOUT) {
                return "the wait for events failed: " + NvmlLibrary.words(result);
            }
        }
        return "nobody reads this";
    }

    private static void say(PrintStream out, String what, String value) {
        out.println(what + " " + value.replace('\n', ' '));
    }
}
