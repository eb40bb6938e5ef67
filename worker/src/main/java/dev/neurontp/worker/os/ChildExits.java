package dev.neurontp.worker.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.OptionalLong;

/** Children of this process that have exited and that nobody has reaped yet, Java's own among them. */
public final class ChildExits {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle WAITID = function(
            "waitid",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));

    private static final int ANY = 0;
    private static final int ONE = 1;
    private static final int WNOHANG = 0x1;
    private static final int WEXITED = 0x4;
    private static final int WNOWAIT = 0x1000000;

    /** siginfo_t of Linux with 64 bits. */
    private static final long SIGINFO_BYTES = 128;

    private static final long PID_AT = 16;

    private ChildExits() {}

    /** The pid of one of them, which it leaves as it is; does not wait. */
    public static OptionalLong next() {
        int pid = waitid(ANY, 0, WEXITED | WNOHANG | WNOWAIT);
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    /** Reaps one; false where there is none of that pid. Whoever else waits for it gets no exit code. */
    public static boolean reap(long pid) {
        return waitid(ONE, Math.toIntExact(pid), WEXITED | WNOHANG) == pid;
    }

    private static int waitid(int which, int pid, int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO_BYTES, Long.BYTES);
            int result = (int) WAITID.invokeExact(which, pid, info, options);
            return result == 0 ? info.get(ValueLayout.JAVA_INT, PID_AT) : 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the C library threw a checked exception", e);
        }
    }

    @SuppressWarnings("restricted") // the launcher allows native access
    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }
}
