package dev.neurontp.ops.up;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * SIGINT, SIGTERM and SIGHUP as calls. A shutdown hook would not do: the JVM hears no second Ctrl-C while its hooks run.
 */
final class Signals {
    private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15, "HUP", 1);

    private Signals() {}

    /** From now on each signal calls {@code handler} with its number, on a thread of its own. */
    static void to(IntConsumer handler) {
        // By name: javac warns of sun.misc.Signal in a way that nothing but building without -Werror turns off.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> receiver = Class.forName("sun.misc.SignalHandler");
            for (Map.Entry<String, Integer> number : NUMBERS.entrySet()) {
                Object call = Proxy.newProxyInstance(
                        Signals.class.getClassLoader(), new Class<?>[] {receiver}, (_, method, _) -> {
                            if (method.getName().equals("handle")) {
                                handler.accept(number.getValue());
                            }
                            return null;
                        });
                signal.getMethod("handle", signal, receiver)
                        .invoke(null, signal.getConstructor(String.class).newInstance(number.getKey()), call);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no sun.misc.Signal (module jdk.unsupported)", e);
        }
    }
}
