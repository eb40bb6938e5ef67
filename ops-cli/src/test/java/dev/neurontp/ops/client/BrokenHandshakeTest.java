package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
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
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that ends before TLS is agreed on shows neither that a daemon has no TLS nor that it has another certificate. */
@Timeout(60)
class BrokenHandshakeTest {
    /** How the other end ends it. */
    enum End {
        /** As a program that ends. */
        CLOSE,
        /** As one that ends with bytes that it did not read. */
        RESET
    }

    @TempDir
    private Path folder;

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        Daemon.closeAll();
    }

    private URI url() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    private CommandException asked(DaemonFile file) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "x".repeat(64));
        Daemon daemon = new Daemon(url(), Token.named(token), file, Trust.usual());
        return catchThrowableOfType(CommandException.class, () -> daemon.get("/pools", Duration.ofSeconds(20)));
    }

    private void serve(End end) throws IOException {
        DaemonThread.start("server", () -> {
            while (true) {
                try (Socket socket = server.accept()) {
                    assertThat(socket.getInputStream().read())
                            .as("a hello of TLS")
                            .isEqualTo(0x16);
                    if (end == End.CLOSE) {
                        socket.getInputStream()
                                .readNBytes(socket.getInputStream().available());
                    } else {
                        socket.setSoLinger(true, 0);
                    }
                } catch (IOException _) {
                    return; // the test is over
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aDaemonThatEndsWithinItHasEnded(End end) throws Exception {
        serve(end);
        CommandException said = asked(dead());
        assertThat(said.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(said).hasMessageContaining("ended while it was asked");
    }

    @ParameterizedTest
    @EnumSource
    void whoeverElseHangsUpMayBeOneWithoutTls(End end) throws Exception {
        serve(end);
        CommandException said = asked(null);
        assertThat(said.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(said).hasMessage("the daemon at " + url() + " ended the connection while TLS was agreed on");
        assertThat(said.next()).contains("tpctl ls", "begins with http://");
    }

    @Test
    void whoAnswersWithoutTlsHasNone() throws Exception {
        DaemonThread.start("server", () -> {
            try (Socket socket = server.accept()) {
                assertThat(socket.getInputStream().read()).isEqualTo(0x16);
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException _) {
                return; // the test is over
            }
        });
        assertThat(asked(null)).hasMessageContaining("no TLS with the daemon");
    }

    /** The file of a process that has ended. */
    private DaemonFile dead() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        DaemonFile here = DaemonFile.ofThisProcess(url().toString(), folder.resolve("token"), "1", Instant.now());
        return new DaemonFile(
                here.format(),
                process.pid(),
                here.startTicks(),
                here.bootId(),
                here.url(),
                here.tokenFile(),
                here.version(),
                here.started(),
                List.of(),
                here.host());
    }
}
