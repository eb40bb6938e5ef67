package dev.neurontp.harness.daemon.service;

import dev.neurontp.worker.library.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * The socket of sd_notify(3), to which a service sends datagrams: through the C library, since Java has no datagrams over Unix
 * sockets. Loading this class costs tens of milliseconds. Any thread may call.
 */
final class NotifySocket {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET = function(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SEND_TO = function(
            "sendto",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle STRERROR =
            function("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    /** Never waits, and raises no signal. */
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x4040;

    /** Of sun_path in unix(7). */
    private static final int LONGEST_PATH = 108;

    private final byte[] path;

    /**
     * A socket by the value of NOTIFY_SOCKET: a path, or the name of an abstract socket behind an @.
     *
     * @throws IllegalArgumentException for any other value; the message is for an operator
     */
    NotifySocket(String value) {
        path = value.getBytes(StandardCharsets.UTF_8);
        if (!(value.startsWith("/") || value.startsWith("@")) || path.length >= LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "it must be a path from / on, or a name behind an @, of fewer than " + LONGEST_PATH + " bytes");
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
    }

    /**
     * Sends one datagram; waits for nobody.
     *
     * @throws IOException with what the system says, such as that nobody listens
     */
    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment address = arena.allocate(Short.BYTES + path.length, Short.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, path.length);
            MemorySegment message = arena.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, 0, bytes.length);
            int socket = Native.call(() -> (int) SOCKET.invokeExact(state, (int) AF_UNIX, SOCK_DGRAM_CLOEXEC, 0));
            if (socket < 0) {
                throw failure(state);
            }
            try {
                long sent = Native.call(() -> (long) SEND_TO.invokeExact(
                        state, socket, message, message.byteSize(), MSG_DONTWAIT_NOSIGNAL, address, (int)
                                address.byteSize()));
                if (sent < 0) {
                    throw failure(state);
                }
            } finally {
                Native.call(() -> (int) CLOSE.invokeExact(state, socket));
            }
        }
    }

    private static IOException failure(MemorySegment state) {
        int number = (int) ERRNO.get(state, 0L);
        MemorySegment text = Native.call(() -> (MemorySegment) STRERROR.invokeExact(state, number));
        return new IOException(Native.text(text));
    }

    @SuppressWarnings("restricted") // the launcher allows native access
    private static MethodHandle function(String symbol, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(symbol), type, Linker.Option.captureCallState("errno"));
    }
}
