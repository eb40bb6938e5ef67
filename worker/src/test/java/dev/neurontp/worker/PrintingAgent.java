package dev.neurontp.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A Java agent that prints on what it takes for stdout, from Java and from native code, before and while a worker serves. */
public final class PrintingAgent {
    private PrintingAgent() {}

    public static void premain(String arguments) throws Throwable {
        printOnce();
        Thread noise = new Thread(PrintingAgent::printOnAndOn, "noise");
        noise.setDaemon(true);
        noise.start();
    }

    @SuppressWarnings({"CatchAndPrintStackTrace", "BusyWait"})
    private static void printOnAndOn() {
        try {
            while (true) {
                printOnce();
                Thread.sleep(1);
            }
        } catch (Throwable e) {
            e.printStackTrace();
        }
    }

    @SuppressWarnings("restricted")
    private static void printOnce() throws Throwable {
        System.out.println("noise from Java");
        Linker linker = Linker.nativeLinker();
        MethodHandle puts = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("puts"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        MethodHandle flush = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("fflush"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            int printed = (int) puts.invokeExact(arena.allocateFrom("noise from native code"));
            int flushed = (int) flush.invokeExact(MemorySegment.NULL);
            if (printed < 0 || flushed != 0) {
                throw new IllegalStateException("native code could not print");
            }
        }
    }
}
