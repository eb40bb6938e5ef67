package dev.neurontp.worker.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Exits that cannot hang. System.exit and Runtime.halt both end in the C library's exit, which calls what native
 * libraries have registered for it; a driver that waits there for a kernel that never ends keeps the process.
 */
public final class HardExit {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final AtomicBoolean ARMED = new AtomicBoolean();

    private HardExit() {}

    /** Ends the process at once: no hooks, no handlers of native libraries. */
    public static void now(int code) {
        call("_exit", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), code);
    }

    /**
     * Has the kernel end the process with SIGALRM when it is still there that long after its exit has begun. The first call
     * counts.
     */
    public static void ifExitTakesLonger(int seconds) {
        if (!ARMED.compareAndSet(false, true)) {
            return;
        }
        Runnable alarm = () -> call("alarm", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), seconds);
        if (!new ExitHook("exit-alarm", alarm).install()) {
            alarm.run();
        }
    }

    @SuppressWarnings("restricted") // the launcher allows native access
    private static void call(String function, FunctionDescriptor type, int argument) {
        MethodHandle handle = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), type);
        try {
            handle.invokeExact(argument);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the C library threw a checked exception", e);
        }
    }
}
