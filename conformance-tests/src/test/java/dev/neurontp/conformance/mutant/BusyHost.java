package dev.neurontp.conformance.mutant;

import java.util.ArrayList;
import java.util.List;

/** A thread for each core that computes for nothing until this is closed. */
public final class BusyHost implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();

    public BusyHost() {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().daemon().name("busy").start(BusyHost::burn));
        }
    }

    private static void burn() {
        double x = 1;
        while (!Thread.currentThread().isInterrupted()) {
            x = Math.sqrt(x + 1);
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
