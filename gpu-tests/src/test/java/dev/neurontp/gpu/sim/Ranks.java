package dev.neurontp.gpu.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs one piece of code on a thread a rank, and gives what each gave, in rank order. */
final class Ranks {
    private Ranks() {}

    /** What a rank does, on its own thread and with its own device. */
    interface Body<T> {
        T run(int rank, Gpu gpu) throws Exception;
    }

    /** What a rank does that has joined. */
    interface Joined<T> {
        T run(int rank, Gpu gpu, Comm comm) throws Exception;
    }

    static <T> List<T> run(int world, Body<T> body) throws Exception {
        List<FutureTask<T>> tasks = new ArrayList<>();
        for (int r = 0; r < world; r++) {
            int rank = r;
            FutureTask<T> task = start("rank-" + rank, () -> {
                try (Gpu gpu = Gpu.open(rank)) {
                    return body.run(rank, gpu);
                }
            });
            tasks.add(task);
        }
        List<T> results = new ArrayList<>();
        for (FutureTask<T> task : tasks) results.add(result(task));
        return results;
    }

    /** The body ends the communicator, by destroying or aborting it. */
    static <T> List<T> joined(int world, Joined<T> body) throws Exception {
        UniqueId id = Comm.newId();
        return run(world, (rank, gpu) -> body.run(rank, gpu, Comm.joined(world, id, rank)));
    }

    /** On a daemon thread, so that a call that never returns does not keep the JVM. */
    static <T> FutureTask<T> start(String name, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread.ofPlatform().daemon().name(name).start(task);
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        try {
            return task.get(40, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("a rank is not done after 40 s", e);
        }
    }
}
