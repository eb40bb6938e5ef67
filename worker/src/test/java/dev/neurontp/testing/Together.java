package dev.neurontp.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same on many threads that begin in one moment. */
public final class Together {
    private Together() {}

    /** What is done; it may throw. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** Returns when all have; throws what one of them has thrown. */
    public static void run(int threads, Action action) throws Exception {
        CyclicBarrier begin = new CyclicBarrier(threads);
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(() -> {
                begin.await();
                action.run();
                return null;
            });
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (Future<Void> one : executor.invokeAll(all)) {
                one.get();
            }
        }
    }
}
