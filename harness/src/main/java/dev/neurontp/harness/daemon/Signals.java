package dev.neurontp.harness.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks for an orderly end, the second ends the process at once. A shutdown hook
 * would not do: the JVM hears no second signal while its hooks run.
 */
final class Signals {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int SIGNALLED = 128;

    private Signals() {}

    /** From now on the first signal counts {@code first} down, and the next one halts the process. */
    static void handle(CountDownLatch first) {
        // By name: javac warns of sun.misc.Signal in a way that nothing but building without -Werror turns off.
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (Map.Entry<String, Integer> entry : NUMBERS.entrySet()) {
                InvocationHandler call = (_, method, _) -> {
                    if (method.getName().equals("handle")) {
                        heard(first, entry.getValue());
                    }
                    return null;
                };
                Object receiver =
                        Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, call);
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(entry.getKey()), receiver);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no sun.misc.Signal: a JDK 25 or later has it", e);
        }
    }

    private static void heard(CountDownLatch first, int number) {
        if (first.getCount() == 0) {
            Runtime.getRuntime().halt(SIGNALLED + number);
        }
        first.countDown();
    }
}
