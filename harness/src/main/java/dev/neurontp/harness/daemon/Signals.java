package dev.neurontp.harness.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * SIGINT, SIGTERM and SIGHUP as calls. A shutdown hook would not do: the JVM handles no second signal while its hooks
 * run. The same signal twice within {@link #ONE_SIGNAL} is one: coreutils' timeout sends its own to the process and
 * then to its group, and Ctrl-C below a program that hands signals on comes twice as well.
 */
public final class Signals {
    public static final int SIGHUP = 1;

    /**
     * Longer than the two take to arrive, also where a CPU limit pauses all threads for the rest of a 100 ms period,
     * and no longer than a person takes to press a key twice on purpose.
     */
    public static final Duration ONE_SIGNAL = Duration.ofMillis(200);

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", SIGHUP, "INT", 2, "TERM", 15);

    private final IntConsumer handler;
    private final Set<Integer> requests;
    private final Map<Integer, Long> seen = new HashMap<>();

    Signals(IntConsumer handler, Set<Integer> requests) {
        this.handler = handler;
        this.requests = Set.copyOf(requests);
    }

    /** From now on each signal calls {@code handler} with its number, on a thread of its own. */
    public static void to(IntConsumer handler) {
        to(handler, Set.of());
    }

    /**
     * The same.
     *
     * @param requests signals that ask for something each time, however soon they come again
     */
    public static void to(IntConsumer handler, Set<Integer> requests) {
        Signals signals = new Signals(handler, requests);
        // By name: javac warns of sun.misc.Signal in a way that nothing but building without -Werror turns off.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> receiver = Class.forName("sun.misc.SignalHandler");
            for (Map.Entry<String, Integer> entry : NUMBERS.entrySet()) {
                InvocationHandler call = (_, method, _) -> {
                    if (method.getName().equals("handle")) {
                        signals.take(entry.getValue());
                    }
                    return null;
                };
                Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {receiver}, call);
                signal.getMethod("handle", signal, receiver)
                        .invoke(null, signal.getConstructor(String.class).newInstance(entry.getKey()), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no sun.misc.Signal: a JDK 25 or later has it", e);
        }
    }

    /** Its name as kill(1) has it: {@code SIGTERM}. */
    public static String name(int number) {
        return NUMBERS.entrySet().stream()
                .filter(known -> known.getValue() == number)
                .map(known -> "SIG" + known.getKey())
                .findFirst()
                .orElse("signal " + number);
    }

    private void take(int number) {
        if (isNew(number, System.nanoTime())) {
            handler.accept(number);
        }
    }

    /** Whether it is more than an echo of one before; {@code now} in nanoseconds. */
    synchronized boolean isNew(int number, long now) {
        // Each echo counts, too: a burst on a busy host can be longer than the gaps in it.
        Long last = seen.put(number, now);
        return last == null || requests.contains(number) || now - last >= ONE_SIGNAL.toNanos();
    }
}
