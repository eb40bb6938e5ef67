package dev.neurontp.worker.os;

import dev.neurontp.worker.library.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * An open file descriptor of this process, by its number, through the C library. Loading this class costs tens of
 * milliseconds: only what has no other way comes here.
 */
public final class Descriptor {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option ERRNO_KEPT = Linker.Option.captureCallState("errno");
    private static final MethodHandle WRITE = function(
            "write",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
            ERRNO_KEPT);
    private static final MethodHandle READ = function(
            "read",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
            ERRNO_KEPT);
    private static final MethodHandle POLL = function(
            "poll",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            ERRNO_KEPT);

    private static final MethodHandle STRERROR =
            function("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final short POLLIN = 0x1;
    private static final short POLLOUT = 0x4;
    private static final short POLLERR = 0x8;
    private static final short POLLHUP = 0x10;
    private static final short POLLRDHUP = 0x2000;
    private static final int WAIT_FOREVER = -1;

    private final int number;

    public Descriptor(int number) {
        this.number = number;
    }

    /** Whether nobody can write to the other end any more; reads nothing of what still waits in it. */
    public boolean hasNoWriter() {
        return (poll(POLLRDHUP, 0) & (POLLHUP | POLLERR | POLLRDHUP)) != 0;
    }

    /** Whether nobody can read from the other end any more. A socket whose other end only writes no more can still be read there. */
    public boolean hasNoReader() {
        return (poll((short) 0, 0) & (POLLHUP | POLLERR)) != 0;
    }

    /** Whether a write of up to 4096 bytes would not wait, or would fail at once. */
    boolean takesAtOnce() {
        return poll(POLLOUT, 0) != 0;
    }

    /** A stream that writes to the descriptor, and blocks where that is full, whatever its mode. */
    public OutputStream outputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, bytes.length);
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment buffer = arena.allocate(Math.max(1, length));
                    MemorySegment.copy(bytes, offset, buffer, ValueLayout.JAVA_BYTE, 0, length);
                    MemorySegment state = arena.allocate(CALL_STATE);
                    long done = 0;
                    while (done < length) {
                        done += writeSome(state, buffer.asSlice(done, length - done));
                    }
                }
            }
        };
    }

    /** A stream that reads from the descriptor, and blocks where that is empty, whatever its mode. */
    public InputStream inputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, bytes.length);
                if (length == 0) {
                    return 0;
                }
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment buffer = arena.allocate(length);
                    int got = (int) readSome(arena.allocate(CALL_STATE), buffer);
                    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, got);
                    return got == 0 ? -1 : got;
                }
            }
        };
    }

    /** At least one byte, or 0 at the end. */
    private long readSome(MemorySegment state, MemorySegment bytes) throws IOException {
        while (true) {
            long got = call(READ, state, bytes);
            if (got >= 0) {
                return got;
            }
            awaitUnlessBroken(state, POLLIN);
        }
    }

    private long writeSome(MemorySegment state, MemorySegment bytes) throws IOException {
        long written = call(WRITE, state, bytes);
        if (written >= 0) {
            return written;
        }
        awaitUnlessBroken(state, POLLOUT);
        return 0;
    }

    private long call(MethodHandle function, MemorySegment state, MemorySegment bytes) {
        try {
            return (long) function.invokeExact(state, number, bytes, bytes.byteSize());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private void awaitUnlessBroken(MemorySegment state, short events) throws IOException {
        int errno = (int) ERRNO.get(state, 0L);
        if (errno == EAGAIN) {
            poll(events, WAIT_FOREVER);
        } else if (errno != EINTR) {
            throw new IOException(message(errno));
        }
    }

    /** The system's words, as Java's own streams have them. */
    private static String message(int errno) {
        return Native.text(Native.call(() -> (MemorySegment) STRERROR.invokeExact(errno)));
    }

    private int poll(short events, int timeoutMillis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            // struct pollfd { int fd; short events; short revents; }
            MemorySegment request = arena.allocate(8, 4);
            request.set(ValueLayout.JAVA_INT, 0, number);
            request.set(ValueLayout.JAVA_SHORT, 4, events);
            int ready = (int) POLL.invokeExact(state, request, 1L, timeoutMillis);
            return ready > 0 ? request.get(ValueLayout.JAVA_SHORT, 6) : 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @SuppressWarnings("restricted") // the launcher allows native access
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /** A method handle declares Throwable, and a call into C throws no checked one. */
    private static IllegalStateException impossible(Throwable e) {
        return new IllegalStateException("a call into the C library threw a checked exception", e);
    }
}
