package dev.neurontp.harness.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * SIGINT, SIGTERM and SIGHUP as calls. A shutdown hook would not do: the JVM hears no second signal while its hooks run.
 */
public final class Signals {
    /** What a process that a signal ended exits with, less the signal's number. */
    public static final int SIGNALLED = 128;

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private Signals() {}

    /** From now on each signal calls {@code handler} with its number, on a thread of its own. */
    public static void to(IntConsumer handler) {
        // By name: javac warns of sun.misc.Signal in a way that nothing but building without -Werror turns off.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> receiver = Class.forName("sun.misc.SignalHandler");
            for (Map.Entry<String, Integer> entry : NUMBERS.entrySet()) {
                InvocationHandler call = (_, method, _) -> {
                    if (method.getName().equals("handle")) {
                        handler.accept(entry.getValue());
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
}
