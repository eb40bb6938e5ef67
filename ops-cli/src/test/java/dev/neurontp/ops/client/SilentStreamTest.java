package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that sends nothing on a stream, not even a comment, is dead for whoever follows it. */
@Timeout(60)
class SilentStreamTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: listening\n\n";
    private static final Duration SHORT = Duration.ofMillis(400);
    /** Long enough for a busy host, and shorter than all signs of life together. */
    private static final Duration LONGER = Duration.ofSeconds(3);

    private static final Duration STEP = Duration.ofMillis(100);
    private static final int SIGNS_OF_LIFE = 35;

    @TempDir
    Path folder;

    @Test
    void aStreamThatFallsSilentIsADeadDaemon() throws Exception {
        try (ServerSocket server = serve(0);
                EventStream stream = open(server, SHORT)) {
            assertThatThrownBy(() -> stream.iterator().hasNext())
                    .isInstanceOfSatisfying(
                            CommandException.class,
                            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN))
                    .hasMessageContaining("has sent nothing for 400.0 ms");
        }
    }

    /** Together they take longer than the bound. */
    @Test
    void commentsAreSignsOfLife() throws Exception {
        try (ServerSocket server = serve(SIGNS_OF_LIFE);
                EventStream stream = open(server, LONGER)) {
            EventStream.Message last = stream.iterator().next();
            assertThat(last.data().path("last").booleanValue()).isTrue();
        }
    }

    /** A person looks at one page of what is followed, and then at the next. */
    @Test
    void aReaderWhoPausesAccusesNobody() throws Exception {
        byte[] bytes = {1, 2, 3};
        try (WatchedInput in = new WatchedInput(new ByteArrayInputStream(bytes), SHORT, Daemon.ENDLESS)) {
            for (byte one : bytes) {
                assertThat(in.read()).isEqualTo(one);
                Thread.sleep(SHORT.plus(STEP));
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void timeThatIsNotCountedIsNoPartOfTheWhole() throws Exception {
        byte[] bytes = {1, 2};
        try (WatchedInput in = new WatchedInput(new ByteArrayInputStream(bytes), Daemon.ENDLESS, LONGER)) {
            assertThat(in.read()).isEqualTo(1);
            in.notCounting(() -> sleep(LONGER.plus(STEP)));
            assertThat(in.read()).isEqualTo(2);
            sleep(LONGER.plus(STEP));
            assertThatThrownBy(in::read).isInstanceOf(WatchedInput.TooLateException.class);
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theBoundIsThreeTimesWhatADaemonLetsPass() {
        assertThat(Daemon.SILENCE).isEqualTo(Duration.ofSeconds(45));
        assertThat(DaemonSettings.KEEP_ALIVE.fallback()).isEqualTo(Daemon.SILENCE.dividedBy(3));
    }

    private EventStream open(ServerSocket server, Duration silence) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "x".repeat(64));
        URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
        Daemon daemon = new Daemon(url, Token.named(file), null, Trust.usual());
        return daemon.stream("/events", Duration.ofSeconds(30), Daemon.ENDLESS, silence);
    }

    /** Sends so many comments, then one event where there were any, and keeps the connection open. */
    private static ServerSocket serve(int comments) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < comments; i++) {
                    Thread.sleep(STEP);
                    out.write(": still here\n\n".getBytes(StandardCharsets.US_ASCII));
                }
                if (comments > 0) {
                    out.write("data: {\"last\":true}\n\n".getBytes(StandardCharsets.US_ASCII));
                }
                while (socket.getInputStream().read() >= 0) {
                    // The request; then whoever asked hangs up.
                }
            } catch (IOException _) {
                return; // it has hung up
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        return server;
    }
}
