package dev.neurontp.ops.live;

import io.javalin.websocket.WsBinaryMessageContext;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One {@code kubectl exec} in a pod of {@link KubernetesStandIn}, as {@code v5.channel.k8s.io} carries it: the first byte of each message is its
 * channel. As with a kubelet, a process whose connection has ended gets the end of stdin and is not killed.
 */
final class PodExec {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int CLOSE = 255;
    private static final int MOST = 16 * 1024;
    private static final String SUCCESS =
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\"}";

    private final WsContext connection;
    private final KubernetesStandIn.Link link;
    private final Process process;

    private PodExec(WsContext connection, KubernetesStandIn.Link link, Process process) {
        this.connection = connection;
        this.link = link;
        this.process = process;
    }

    /** Starts the command of a request in that pod. */
    static PodExec start(WsConnectContext connection, KubernetesStandIn.Link link) throws IOException {
        // A container has a session of its own, and nothing of the environment of who asks.
        ProcessBuilder builder = new ProcessBuilder("setsid");
        builder.command().addAll(connection.queryParams("command"));
        builder.environment().keySet().retainAll(List.of("PATH", "JAVA_HOME"));
        PodExec exec = new PodExec(connection, link, builder.start());
        Thread stdout = Thread.startVirtualThread(() -> exec.pump(STDOUT, exec.process.getInputStream()));
        Thread stderr = Thread.startVirtualThread(() -> exec.pump(STDERR, exec.process.getErrorStream()));
        Thread.startVirtualThread(() -> exec.end(stdout, stderr));
        return exec;
    }

    /** Takes a message of kubectl. */
    void take(WsBinaryMessageContext message) {
        link.awaitUp();
        ByteBuffer data = message.data();
        int channel = data.get() & 0xFF;
        byte[] rest = new byte[data.remaining()];
        data.get(rest);
        try {
            if (channel == STDIN) {
                process.getOutputStream().write(rest);
                process.getOutputStream().flush();
            } else if (channel == CLOSE && rest.length > 0 && rest[0] == STDIN) {
                process.getOutputStream().close();
            }
        } catch (IOException _) {
            return; // it reads no more
        }
    }

    /** The connection has ended; behind a link that is down nobody learns of that. */
    void disconnected() {
        link.awaitUp();
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            return; // it has ended
        }
    }

    private void pump(int channel, InputStream from) {
        byte[] bytes = new byte[MOST + 1];
        bytes[0] = (byte) channel;
        try (from) {
            for (int read = from.read(bytes, 1, MOST); read > 0; read = from.read(bytes, 1, MOST)) {
                send(ByteBuffer.wrap(bytes.clone(), 0, read + 1));
            }
        } catch (IOException _) {
            return; // it is at its end
        }
    }

    private synchronized void send(ByteBuffer message) {
        link.awaitUp();
        try {
            if (connection.session.isOpen()) {
                connection.send(message);
            }
        } catch (RuntimeException _) {
            return; // the connection has ended
        }
    }

    private void end(Thread... pumps) {
        try {
            int code = process.waitFor();
            for (Thread pump : pumps) {
                pump.join(TimeUnit.SECONDS.toMillis(1));
            }
            byte[] status = (code == 0 ? SUCCESS : failure(code)).getBytes(StandardCharsets.UTF_8);
            send(ByteBuffer.allocate(status.length + 1)
                    .put((byte) STATUS)
                    .put(status)
                    .flip());
            connection.closeSession(1000, "");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String failure(int code) {
        return """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"NonZeroExitCode",
                 "message":"command terminated with non-zero exit code",
                 "details":{"causes":[{"reason":"ExitCode","message":"%d"}]}}""".formatted(code);
    }
}
