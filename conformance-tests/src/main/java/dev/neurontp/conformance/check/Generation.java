package dev.neurontp.conformance.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;

/**
 * Draws scripts from jqwik's arbitraries with a seed, outside of its engine. All of it runs on one thread,
 * since jqwik keeps its session by thread. The same seed, check and number give the same script, whatever else
 * is run and in whatever order.
 */
final class Generation implements AutoCloseable {

    private static final int GEN_SIZE = 1000;
    /** The sessions of all threads share one store, which is not made for two at once. */
    private static final Lock STORE = new ReentrantLock();

    /** A script and the way to smaller ones, which only the generation's own thread may walk. */
    record Drawn(Shrinkable<Script> shrinkable, Script script) {
        private static Drawn of(Shrinkable<Script> shrinkable) {
            return new Drawn(shrinkable, shrinkable.value());
        }
    }

    private final long seed;
    /** Used by the generation's own thread alone. */
    private final Map<String, RandomGenerator<Script>> generators = new HashMap<>();

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("generation").factory());

    Generation(long seed) {
        this.seed = seed;
        on(() -> {
            JqwikSession.start();
            return null;
        });
    }

    /** The scripts of a property from one number on; those at the edges of its range are mixed in. */
    List<Drawn> draw(Check.Property property, int from, int count) {
        return on(() -> {
            RandomGenerator<Script> generator = generators.computeIfAbsent(
                    property.id(), id -> property.scripts().get().generator(GEN_SIZE, true));
            List<Drawn> drawn = new ArrayList<>(count);
            for (int i = from; i < from + count; i++) {
                drawn.add(Drawn.of(generator.next(random(property.id(), i))));
            }
            return drawn;
        });
    }

    /** The next smaller candidates of a script, at most so many. */
    List<Drawn> smaller(Drawn script, int max) {
        return on(() -> script.shrinkable().shrink().limit(max).map(Drawn::of).toList());
    }

    /** The source of chance for one try of one check. */
    Random random(String check, int number) {
        CRC32 crc = new CRC32();
        crc.update(check.getBytes(StandardCharsets.UTF_8));
        return new Random(seed * 0x9e37_79b9_7f4a_7c15L + crc.getValue() * 31 + number * 0x2545_f491L);
    }

    private <T> T on(Supplier<T> work) {
        try {
            return thread.submit(() -> alone(work)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("drawing cases failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while drawing cases", e);
        }
    }

    private static <T> T alone(Supplier<T> work) {
        STORE.lock();
        try {
            return work.get();
        } finally {
            STORE.unlock();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
