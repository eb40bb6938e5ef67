package dev.neurontp.worker.os;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SIGTERM, SIGINT and SIGHUP as the kernel has them: they end the process at once. Java's own end waits 300 ms for a thread that is inside
 * a read, and a worker's always is. A signal that was ignored when the process started stays ignored. Process 1 of a container leaves
 * them to Java: the kernel keeps from it each that it does not handle.
 */
public final class DefaultSignals {
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
    private static final Map<String, Object> JAVAS_OWN = new HashMap<>();
    private static boolean used;

    private DefaultSignals() {}

    /** From now on, but for process 1. Exit hooks are not run then: who needs one calls {@link #leaveToJava} before. */
    public static synchronized void use() {
        used = true;
        if (ProcessHandle.current().pid() == 1) {
            return;
        }
        try {
            Object kernels =
                    Class.forName("sun.misc.SignalHandler").getField("SIG_DFL").get(null);
            for (String name : NAMES) {
                JAVAS_OWN.putIfAbsent(name, handle(name, kernels));
            }
        } catch (InvocationTargetException _) {
            // With -Xrs Java takes none of them: they are the kernel's already.
        } catch (ReflectiveOperationException e) {
            throw missing(e);
        }
    }

    /**
     * From now on Java ends the process again, with its hooks. Does nothing where {@link #use} was not called.
     *
     * @return whether it was: then nothing but what the caller does has to be done before the process ends
     */
    public static synchronized boolean leaveToJava() {
        try {
            for (Map.Entry<String, Object> own : JAVAS_OWN.entrySet()) {
                handle(own.getKey(), own.getValue());
            }
            JAVAS_OWN.clear();
            return used;
        } catch (ReflectiveOperationException e) {
            throw missing(e);
        }
    }

    /** Returns the handler before. By name: javac warns of sun.misc.Signal in a way that nothing turns off. */
    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Constructor<?> named = signal.getConstructor(String.class);
        Method handle = signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"));
        return handle.invoke(null, named.newInstance(name), handler);
    }

    private static IllegalStateException missing(ReflectiveOperationException e) {
        return new IllegalStateException("this JVM has no sun.misc.Signal: a JDK 25 or later has it", e);
    }
}
