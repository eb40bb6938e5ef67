package dev.neurontp.conformance.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Harmless habits of real workers that need more than a line. */
final class Habits {

    private static final int AHEAD = 8 << 20;
    private static final long STACK = 512L << 20;

    private Habits() {}

    /** Lives as a launcher does: the worker is a child with the same pipes, and its exit code is passed on. */
    static int forkAndWait(String[] args) throws IOException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> command = new ArrayList<>(List.of(
                self.command().orElseThrow(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MutantWorker.class.getName()));
        for (String arg : args) {
            command.add(arg.replace("forks-and-waits", "forked"));
        }
        Process child = new ProcessBuilder(command).inheritIO().start();
        return await(child);
    }

    /** A child with pipes of its own, which ends when this process does. */
    static void helper() throws IOException {
        new ProcessBuilder("cat").redirectError(Path.of("/dev/null").toFile()).start();
    }

    static void floodStderr() {
        byte[] line = ("x".repeat(199) + "\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 5000; i++) {
            System.err.write(line, 0, line.length);
        }
    }

    /** A thread that takes what comes as fast as it comes. */
    static InputStream readAhead(InputStream in) throws IOException {
        PipedInputStream ahead = new PipedInputStream(AHEAD);
        PipedOutputStream to = new PipedOutputStream(ahead);
        Thread.ofPlatform().daemon().start(() -> {
            byte[] piece = new byte[1 << 16];
            try (to) {
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    to.write(piece, 0, n);
                    to.flush();
                }
            } catch (IOException e) {
                System.err.println("nobody reads any more: " + e.getMessage());
            }
        });
        return ahead;
    }

    /** Runs it in a thread with a stack that no request is too deep for, where that is asked for. */
    static int withStack(Faults faults, Callable<Integer> life) throws IOException {
        FutureTask<Integer> task = new FutureTask<>(life);
        if (faults.has("takes-any-depth")) {
            new Thread(null, task, "deep", STACK).start();
        } else {
            task.run();
        }
        try {
            return task.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static int await(Process child) throws IOException {
        try {
            return child.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
