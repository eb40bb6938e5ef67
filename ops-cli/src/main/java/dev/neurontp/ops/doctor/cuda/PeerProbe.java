package dev.neurontp.ops.doctor.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.worker.library.LibrarySearch;
import dev.neurontp.worker.library.SharedLibrary;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Copies from each GPU to each other one, compares what arrived, and measures, as {@code key=value} lines with {@code end=1}
 * behind each answer: first of the GPUs, then, for each line that comes on stdin, of the next copy. A program of its own, since a copy
 * may hang in the driver. Arguments: bytes, measured copies, seed, and the ordinals of the GPUs as this process sees them.
 */
public final class PeerProbe {
    /** The last line of an answer. */
    public static final String END = "end";

    /** What a buffer holds before the copy. */
    private static final int BEFORE = 0xa5;

    private static final int SMALL = Long.BYTES;
    private static final int REPETITIONS = 3;
    private static final int TOO_MANY_PEERS = 711;

    private final Cuda cuda;
    private final PrintStream out;
    private final long bytes;
    private final int copies;
    private final List<PeerDevice> devices = new ArrayList<>();

    private PeerProbe(Cuda cuda, PrintStream out, long bytes, int copies) {
        this.cuda = cuda;
        this.out = out;
        this.bytes = bytes;
        this.copies = copies;
    }

    /** Exits with 1 after a line {@code problem}. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        Optional<SharedLibrary> library = open(out);
        if (library.isEmpty()) {
            say(out, END, "1");
            System.exit(1);
        }
        say(out, "simulation", library.get().isSimulated() ? "1" : "0");
        PeerProbe probe = new PeerProbe(
                new Cuda(library.get()), out, Long.parseLong(arguments[0]), Integer.parseInt(arguments[1]));
        try {
            probe.open(Arrays.asList(arguments).subList(3, arguments.length));
            say(out, END, "1");
            probe.run(Long.parseLong(arguments[2]));
        } catch (Cuda.FailedException e) {
            say(out, "problem", e.getMessage());
            say(out, END, "1");
            System.exit(1);
        }
    }

    private static Optional<SharedLibrary> open(PrintStream out) {
        LibrarySearch search = LibrarySearch.fromEnvironment();
        String refused = "";
        for (String candidate : search.candidates(LibrarySearch.CUDA)) {
            try {
                return Optional.of(SharedLibrary.open(candidate));
            } catch (SharedLibrary.NotOpenedException e) {
                refused = "; the loader refuses it: " + e.getMessage();
            }
        }
        say(out, "problem", search.describe(LibrarySearch.CUDA) + refused);
        return Optional.empty();
    }

    private void open(List<String> ordinals) throws Cuda.FailedException {
        say(out, "asking", "the driver (cuInit)");
        cuda.call("cuInit", 0);
        for (String ordinal : ordinals) {
            say(out, "asking", "a context on GPU " + ordinal);
            devices.add(PeerDevice.open(cuda, Integer.parseInt(ordinal), bytes));
            say(out, "gpu." + (devices.size() - 1) + ".uuid", devices.getLast().uuid());
        }
    }

    /** One copy for each line that comes, and its answer. */
    private void run(long seed) throws Cuda.FailedException, IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sent = arena.allocate(bytes, Long.BYTES);
            MemorySegment received = arena.allocate(bytes, Long.BYTES);
            for (int from = 0; from < devices.size(); from++) {
                fill(sent, seed + from);
                cuda.call("cuCtxSetCurrent", devices.get(from).context());
                cuda.call("cuMemcpyHtoD_v2", devices.get(from).sent(), sent, bytes);
                for (int to = 0; to < devices.size(); to++) {
                    if (to != from && System.in.read() >= 0) {
                        copy(devices.get(from), devices.get(to), sent, received);
                        say(out, END, "1");
                    }
                }
            }
        }
    }

    private void copy(PeerDevice source, PeerDevice target, MemorySegment sent, MemorySegment received)
            throws Cuda.FailedException {
        say(out, "asking", "a copy from GPU " + source.device() + " to GPU " + target.device());
        boolean access = enableAccess(source, target);
        say(out, "access", access ? "1" : "0");
        checked("small.", source, target, sent.asSlice(0, SMALL), received.asSlice(0, SMALL));
        checked("large.", source, target, sent, received);
        say(out, "small.ns", times(source, target, SMALL, 1));
        say(out, "large.ns", times(source, target, bytes, copies));
        if (access) {
            cuda.call("cuCtxDisablePeerAccess", target.context());
        }
    }

    /**
     * Whether the driver copies without host memory in between from now on. Without NVSwitch a device may access the memory of eight
     * others at once, those of other processes counted.
     */
    private boolean enableAccess(PeerDevice source, PeerDevice target) throws Cuda.FailedException {
        if (cuda.number("cuDeviceCanAccessPeer", source.device(), target.device()) == 0) {
            return false;
        }
        cuda.call("cuCtxSetCurrent", source.context());
        return cuda.callUnless(TOO_MANY_PEERS, "cuCtxEnablePeerAccess", target.context(), 0);
    }

    private void checked(
            String prefix, PeerDevice source, PeerDevice target, MemorySegment sent, MemorySegment received)
            throws Cuda.FailedException {
        long size = sent.byteSize();
        cuda.call("cuCtxSetCurrent", target.context());
        cuda.call("cuMemsetD8_v2", target.received(), BEFORE, bytes);
        cuda.call("cuCtxSynchronize");
        cuda.call("cuCtxSetCurrent", source.context());
        enqueue(source, target, size);
        await(source);
        cuda.call("cuCtxSetCurrent", target.context());
        cuda.call("cuMemcpyDtoH_v2", received, target.received(), size);
        cuda.call("cuCtxSetCurrent", source.context());
        compare(prefix, sent, received);
    }

    private void enqueue(PeerDevice source, PeerDevice target, long size) throws Cuda.FailedException {
        cuda.call(
                "cuMemcpyPeerAsync",
                target.received(),
                target.context(),
                source.sent(),
                source.context(),
                size,
                source.stream());
    }

    private void await(PeerDevice source) throws Cuda.FailedException {
        cuda.call("cuStreamSynchronize", source.stream());
    }

    /** Minimum, median and maximum of a copy, of a few repetitions, each of many copies. */
    private String times(PeerDevice source, PeerDevice target, long size, int each) throws Cuda.FailedException {
        long[] nanos = new long[each == 1 ? copies : REPETITIONS];
        for (int i = -1; i < nanos.length; i++) {
            long begun = System.nanoTime();
            for (int copy = 0; copy < each; copy++) {
                enqueue(source, target, size);
            }
            await(source);
            // The first one warms up.
            if (i >= 0) {
                nanos[i] = (System.nanoTime() - begun) / each;
            }
        }
        Arrays.sort(nanos);
        return nanos[0] + "," + nanos[nanos.length / 2] + "," + nanos[nanos.length - 1];
    }

    private void compare(String prefix, MemorySegment sent, MemorySegment received) {
        long wrong = 0;
        long mismatch = sent.mismatch(received);
        if (mismatch >= 0) {
            long first = mismatch / Long.BYTES;
            for (long at = first; at < sent.byteSize() / Long.BYTES; at++) {
                wrong += word(sent, at) == word(received, at) ? 0 : 1;
            }
            say(out, prefix + "first", Long.toString(first));
            say(out, prefix + "expected", String.format("0x%016x", word(sent, first)));
            say(out, prefix + "got", String.format("0x%016x", word(received, first)));
        }
        say(out, prefix + "wrong", Long.toString(wrong));
    }

    private static long word(MemorySegment memory, long index) {
        return memory.get(JAVA_LONG, index * Long.BYTES);
    }

    private static void fill(MemorySegment memory, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (long at = 0; at < memory.byteSize(); at += Long.BYTES) {
            memory.set(JAVA_LONG, at, random.nextLong());
        }
    }

    private static void say(PrintStream out, String key, String value) {
        out.println(key + "=" + value.replace('\n', ' '));
        out.flush();
    }
}
