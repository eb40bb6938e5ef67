import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What three ways to read the replies of all workers cost a leader: a thread each, one thread over all pipes, or none but the caller.
 * Without the pool's own code, bounds and failures. Arguments: WAY WORLD ROUNDS COMMAND...; see the script beside it. Not part of the build.
 */
final class LeaderThreads {
    private static final byte[] PING = "{\"op\":\"ping\"}\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 65_536;
    private static final int EVENT_BYTES = 12; // struct epoll_event is packed on x86-64
    private static final int MOST_EVENTS = 64;
    private static final int COLD = 50;
    private static final int FIRST = 500;
    private static final int LAST = 1000;

    private static final AtomicInteger PENDING = new AtomicInteger();
    private static final Thread CALLER = Thread.currentThread();
    private static final List<Process> WORKERS = new ArrayList<>();

    private static MethodHandle write;
    private static MethodHandle read;
    private static MethodHandle epollWait;
    private static MemorySegment ping;
    private static MemorySegment chunk;
    private static MemorySegment events;
    private static int epoll;
    private static int[] stdins;

    public static void main(String[] arguments) throws Throwable {
        String way = arguments[0];
        int world = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        for (int rank = 1; rank < world; rank++) {
            List<String> command = new ArrayList<>(Arrays.asList(arguments).subList(3, arguments.length));
            command.addAll(
                    List.of("--worker", "--rank", "" + rank, "--tp-size", "" + world, "--cuda-device", "" + rank));
            WORKERS.add(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        long began = System.nanoTime();
        if (way.equals("threads")) {
            WORKERS.forEach(worker -> start(() -> readReplies(worker.getInputStream())));
        } else {
            openEpoll();
            if (way.equals("one")) {
                start(LeaderThreads::readAll);
            }
        }
        double readyMillis = (System.nanoTime() - began) / 1e6;
        long[] nanos = new long[rounds];
        long switches = 0;
        for (int round = -1; round < rounds; round++) {
            if (round == rounds - LAST) {
                switches = switches();
            }
            long start = System.nanoTime();
            round(way);
            if (round >= 0) {
                nanos[round] = System.nanoTime() - start;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-8s world %2d: rounds 1 to 50 %.1f us, 1 to 500 %.1f us, warm %.1f us, %.1f switches a warm round, %.0f ms before%n",
                way,
                world,
                median(nanos, 0, COLD),
                median(nanos, 0, FIRST),
                median(nanos, rounds - LAST, rounds),
                (switches() - switches) / (double) LAST,
                readyMillis);
        Runtime.getRuntime().halt(0); // the end of their stdin ends the workers
    }

    private static void round(String way) throws Throwable {
        PENDING.set(WORKERS.size());
        for (int i = WORKERS.size() - 1; i >= 0; i--) {
            if (way.equals("threads")) {
                OutputStream out = WORKERS.get(i).getOutputStream();
                out.write(PING);
                out.flush();
            } else {
                long written = (long) write.invokeExact(stdins[i], ping, (long) PING.length);
                if (written != PING.length) {
                    throw new IOException("a ping was not written whole");
                }
            }
        }
        while (PENDING.get() != 0) {
            if (way.equals("caller")) {
                PENDING.addAndGet(-replies());
            } else {
                LockSupport.parkNanos(CALLER, 1_000_000_000L);
            }
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(null, work, "reader", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private static void readReplies(InputStream in) {
        byte[] bytes = new byte[CHUNK];
        try {
            while (in.read(bytes) > 0) {
                taken(1);
            }
        } catch (IOException _) {
            return; // closed at the end
        }
    }

    private static void readAll() {
        try {
            while (true) {
                taken(replies());
            }
        } catch (Throwable e) {
            System.err.println("the reader ended: " + e.getMessage());
        }
    }

    private static void taken(int replies) {
        if (PENDING.addAndGet(-replies) == 0) {
            LockSupport.unpark(CALLER);
        }
    }

    /** Waits until at least one worker has answered. A pipe that is ready gives what is there without blocking. */
    private static int replies() throws Throwable {
        int ready = (int) epollWait.invokeExact(epoll, events, MOST_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int from = events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) EVENT_BYTES * i + 4);
            long got = (long) read.invokeExact(from, chunk, (long) CHUNK);
            if (got <= 0) {
                throw new IOException("a worker has ended");
            }
            MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, 0, new byte[(int) got], 0, (int) got);
        }
        return ready;
    }

    private static void openEpoll() throws Throwable {
        ValueLayout.OfInt number = ValueLayout.JAVA_INT;
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        write = function("write", FunctionDescriptor.of(size, number, ValueLayout.ADDRESS, size));
        read = function("read", FunctionDescriptor.of(size, number, ValueLayout.ADDRESS, size));
        epollWait = function("epoll_wait", FunctionDescriptor.of(number, number, ValueLayout.ADDRESS, number, number));
        MethodHandle create = function("epoll_create1", FunctionDescriptor.of(number, number));
        MethodHandle control =
                function("epoll_ctl", FunctionDescriptor.of(number, number, number, number, ValueLayout.ADDRESS));
        ping = Arena.global().allocate(PING.length).copyFrom(MemorySegment.ofArray(PING));
        chunk = Arena.global().allocate(CHUNK);
        events = Arena.global().allocate((long) EVENT_BYTES * MOST_EVENTS);
        stdins = new int[WORKERS.size()];
        for (int i = 0; i < stdins.length; i++) {
            stdins[i] = number(WORKERS.get(i).getOutputStream());
        }
        epoll = (int) create.invokeExact(0);
        for (Process worker : WORKERS) {
            MemorySegment event = Arena.global().allocate(EVENT_BYTES);
            event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 1); // EPOLLIN
            event.set(ValueLayout.JAVA_INT_UNALIGNED, 4, number(worker.getInputStream()));
            int failed = (int) control.invokeExact(epoll, 1, number(worker.getInputStream()), event);
            if (failed != 0) {
                throw new IOException("epoll_ctl failed");
            }
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    private static int number(Object stream) throws Exception {
        Object raw = stream;
        if (raw instanceof FilterOutputStream) {
            raw = field(FilterOutputStream.class, "out", raw);
        } else if (raw instanceof FilterInputStream) {
            raw = field(FilterInputStream.class, "in", raw);
        }
        FileDescriptor descriptor = raw instanceof FileInputStream in ? in.getFD() : ((FileOutputStream) raw).getFD();
        return (int) field(FileDescriptor.class, "fd", descriptor);
    }

    private static Object field(Class<?> of, String name, Object object) throws Exception {
        Field field = of.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    private static long switches() throws IOException {
        long sum = 0;
        try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                for (String line : Files.readAllLines(thread.resolve("status"))) {
                    sum += line.contains("ctxt_switches") ? Long.parseLong(line.replaceAll("[^0-9]", "")) : 0;
                }
            }
        }
        return sum;
    }

    private static double median(long[] nanos, int from, int to) {
        long[] sorted = Arrays.copyOfRange(nanos, from, to);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2] / 1e3;
    }
}
