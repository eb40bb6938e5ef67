package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that was stopped itself (Ctrl-Z, a paused container) and goes on does not blame the daemon for that time. */
@Tag("long")
@Timeout(90)
class StoppedClientTest {
    private static final Duration BOUND = Duration.ofSeconds(3);
    private static final Duration STOPPED = BOUND.plusSeconds(2);

    /** What a client that gives up takes to hang up once it goes on, and less than the bound. */
    private static final Duration HANGS_UP = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    /** Follows a stream, or asks once, with {@link #BOUND}. */
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) throws InterruptedException {
            Daemon daemon =
                    new Daemon(URI.create(arguments[1]), Token.named(Path.of(arguments[2])), null, Trust.usual());
            if (arguments[0].equals("ask")) {
                System.out.println(daemon.get("/pools", BOUND));
                return;
            }
            try (EventStream stream = daemon.stream("/events", BOUND, Daemon.ENDLESS, BOUND)) {
                System.out.println("open");
                stream.forEach(message -> System.out.println(message.data()));
            }
        }
    }

    @Test
    void aStreamGoesOn() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProgramProcess client = client("follow", server);
                Socket asked = asked(server)) {
            write(asked, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            assertThat(client.line()).isEqualTo("open");
            standStill(client, asked);
            write(asked, "data: {\"a\":1}\n\n");
            assertThat(client.line()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void anAnswerIsTaken() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProgramProcess client = client("ask", server);
                Socket asked = asked(server)) {
            standStill(client, asked);
            write(asked, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
            assertThat(client.line()).isEqualTo("{\"a\":1}");
        }
    }

    private ProgramProcess client(String what, ServerSocket server) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "x".repeat(64));
        List<String> command = new ArrayList<>(
                Programs.java("-cp", System.getProperty("java.class.path"), Client.class.getName(), what));
        command.addAll(List.of("http://127.0.0.1:" + server.getLocalPort(), token.toString()));
        return ProgramProcess.command(Map.of(), command);
    }

    /** A connection whose request has been read. */
    private static Socket asked(ServerSocket server) throws IOException {
        Socket socket = server.accept();
        StringBuilder request = new StringBuilder();
        while (!request.toString().endsWith("\r\n\r\n")) {
            request.append((char) socket.getInputStream().read());
        }
        return socket;
    }

    private static void standStill(ProgramProcess client, Socket asked) throws Exception {
        client.signal("STOP");
        Thread.sleep(STOPPED);
        client.signal("CONT");
        asked.setSoTimeout((int) HANGS_UP.toMillis());
        try {
            assertThat(asked.getInputStream().read())
                    .as("it hung up: " + client.stderr())
                    .isNotEqualTo(-1);
        } catch (SocketTimeoutException _) {
            return; // it still waits
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
