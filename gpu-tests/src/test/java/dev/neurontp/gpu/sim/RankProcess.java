package dev.neurontp.gpu.sim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One rank in a process of its own: joins, adds up ones, ends. What it finds goes to stderr as {@code name=value}
 * lines, so that stdout shows what the library prints.
 *
 * <p>Arguments: rank, world size, device, and the id in hex; with {@code serve} as the only one it makes an id, writes it
 * to stderr and lives until stdin ends.
 */
final class RankProcess {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final PrintStream OUT = System.err;

    private RankProcess() {}

    public static void main(String[] args) throws IOException {
        if (args[0].equals("serve")) serve();
        else if (args[0].equals("devices")) countDevices();
        else run(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), args[3]);
    }

    private static void serve() throws IOException {
        OUT.println("id=" + Comm.newId().hex());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            OUT.println("unexpected=input");
        }
    }

    private static void countDevices() {
        OUT.println("init=" + Gpu.library().call("cuInit", 0));
        MemorySegment count = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
        Gpu.library().call("cuDeviceGetCount", count);
        OUT.println("count=" + count.get(ValueLayout.JAVA_INT, 0));
    }

    private static void run(int rank, int world, int device, String id) {
        Gpu gpu = Gpu.open(device);
        Comm comm = new Comm();
        int started = comm.init(world, UniqueId.ofHex(id), rank);
        int joined = started == Comm.IN_PROGRESS ? comm.await(SOON) : started;
        OUT.println("joined=" + joined);
        if (joined == 0) add(gpu, comm);
        else OUT.println("error=" + Comm.lastError());
        OUT.println("ended=" + (comm.handle() == 0 ? 0 : comm.abort()));
    }

    private static void add(Gpu gpu, Comm comm) {
        long sum = comm.sumOf(1, gpu);
        int state = comm.await(SOON);
        while (state == 0 && gpu.query() == Gpu.NOT_READY) {
            Thread.onSpinWait();
            state = comm.state();
        }
        OUT.println("state=" + state);
        if (state == 0) OUT.println("sum=" + Words.in(gpu.read(sum, 4)));
        else OUT.println("error=" + Comm.lastError());
    }
}
