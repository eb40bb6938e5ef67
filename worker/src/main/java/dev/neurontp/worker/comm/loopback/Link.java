package dev.neurontp.worker.comm.loopback;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/** One TCP connection of the protocol. One thread reads; any may send or close, and a close ends a blocked read. */
final class Link implements Closeable {
    private static final int BUFFER_BYTES = 2 * Message.MAX_PAYLOAD_BYTES;
    private static final Duration CONNECT_WAIT = Duration.ofSeconds(10);
    private static final int KEEPALIVE_IDLE_SECONDS = 5;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 2;
    private static final int KEEPALIVE_PROBES = 3;

    private final Socket socket;
    private DataInputStream in;
    private DataOutputStream out;

    Link(Socket socket) {
        this.socket = socket;
    }

    /** Connects; a host that does not answer fails after 10 seconds. */
    void connect(InetSocketAddress address) throws IOException {
        socket.connect(address, (int) CONNECT_WAIT.toMillis());
        prepare();
    }

    /** Notices within about 11 seconds that a host has disappeared. */
    void prepare() throws IOException {
        socket.setTcpNoDelay(true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
        }
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES));
    }

    InetSocketAddress peer() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    void sendHandshake(Handshake handshake) throws IOException {
        out.write(handshake.toBytes());
        out.flush();
    }

    /** Reads the handshake of the other end; all of it must arrive in time, however it is cut. */
    Handshake receiveHandshake(Handshake.Endpoint endpoint, Duration wait) throws IOException {
        long end = System.nanoTime() + wait.toNanos();
        InputStream bounded = new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) {
                    throw new SocketTimeoutException("no handshake in time");
                }
                socket.setSoTimeout((int) left);
                return socket.getInputStream().read(bytes, offset, length);
            }
        };
        Handshake handshake = Handshake.read(new DataInputStream(bounded), endpoint);
        socket.setSoTimeout(0);
        return handshake;
    }

    synchronized void send(Message message) throws IOException {
        message.write(out);
    }

    Message read() throws IOException {
        return Message.read(in);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
