package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.ops.console.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose connections are used up lives, and its pools are well: nobody is told to end it without being told what that ends. */
@Timeout(60)
class UnansweredConnectionTest {
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    private Path folder;

    private CommandException asked(int port) throws IOException {
        String url = "http://127.0.0.1:" + port;
        Path token = Files.writeString(folder.resolve("token"), "x".repeat(64));
        DaemonFile file = DaemonFile.ofThisProcess(url, token, "0.1.0", Instant.EPOCH);
        Daemon daemon = new Daemon(URI.create(url), Token.named(token), file, Trust.usual());
        return catchThrowableOfType(CommandException.class, () -> daemon.get("/pools", Duration.ofMillis(300)));
    }

    @Test
    void whatMayKeepItFromAnsweringComesFirst() throws IOException {
        try (ServerSocket unaccepted = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CommandException late = asked(unaccepted.getLocalPort());
            assertThat(late.getMessage()).contains("did not answer within 300.0 ms");
            assertThat(late.next())
                    .containsSubsequence(
                            "no connection or descriptor free",
                            "its log",
                            "/proc/" + PID + "/fd",
                            "jstack " + PID,
                            "kill -TERM " + PID + ", which ends its live pools, too.");
        }
    }

    @Test
    void whereNobodyListensTheSameIsSaidOfItsEnd() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThat(asked(port).next()).endsWith("kill -TERM " + PID + ", which ends its live pools, too.");
    }
}
