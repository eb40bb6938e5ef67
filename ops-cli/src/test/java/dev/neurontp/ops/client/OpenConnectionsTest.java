package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.ops.FakeDaemon;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A thread that waits for the network when the process ends makes the JVM wait 300 ms for it. */
@Timeout(60)
class OpenConnectionsTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool("abcd2345");

    @TempDir
    private Path folder;

    @Test
    void whatIsNotAnsweredYetEndsWithTheProgram() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "x".repeat(64));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
            CompletableFuture<JsonNode> answer =
                    new Daemon(url, Token.named(token), null, Trust.usual()).start("GET", "/pools", null, LONG);
            try (Socket asked = server.accept()) {
                assertThat(asked.getInputStream().read()).isEqualTo('G');
                Daemon.closeAll();
                assertThatThrownBy(answer::join).hasMessageContaining("broke the connection");
            }
        }
    }

    @Test
    void noThreadOfTheJdksClientIsLeftWhenTheProgramEnds() throws Exception {
        Http http = new JdkHttp(Trust.usual(), LONG);
        http.send(new Http.Call("GET", URI.create(daemon.url() + "/pools"), Map.of(), null, LONG))
                .join();
        assertThat(waiting()).isNotEmpty();
        http.close();
        assertThat(waiting()).isEmpty();
    }

    private static Set<String> waiting() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.endsWith("-SelectorManager"))
                .collect(Collectors.toSet());
    }
}
