package dev.neurontp.ops.doctor;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.doctor.probe.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Prints how long the rows before {@code tpctl up} take, the first time in a JVM and later, on a made-up host with 8 GPUs. */
final class StartCheckTiming {
    private StartCheckTiming() {}

    /** Writes the host below a new temporary folder, and leaves it there. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        MadeUpHost host =
                new MadeUpHost(Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "host"));
        host.cuda.clear();
        for (String when : new String[] {"first", "second", "third"}) {
            long start = System.nanoTime();
            int obstacles = StartChecks.obstacles(host.evidence(Facts.NONE)).size();
            System.out.println(when + ": " + Durations.measured(Duration.ofNanos(System.nanoTime() - start)) + ", "
                    + obstacles + " obstacles");
        }
    }
}
