package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.ops.FakeDaemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.OpenFilesLimit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The bound of a stream's request is for its head alone: in newer versions of the JDK its own would be for the body, too. */
@Timeout(60)
class JdkHttpTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool("abcd2345");

    private final JdkHttp http = new JdkHttp(Trust.usual(), Duration.ofSeconds(30));

    @AfterEach
    void close() throws InterruptedException {
        http.close();
    }

    private static Http.Call call(String url) {
        return new Http.Call("GET", URI.create(url + "/events"), new HashMap<>(), null, SHORT);
    }

    @Test
    void aStreamLastsLongerThanTheBoundOfItsHead() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        daemon.anything(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write('a');
                body.flush();
                assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
                body.write('b');
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Http.Call call = call(daemon.url());
        call.fields().put("Authorization", "Bearer 0123456789abcdef0123456789abcdef");
        try (var body = http.open(call).body()) {
            assertThat(body.read()).isEqualTo('a');
            Thread.sleep(SHORT.plusMillis(500));
            later.countDown();
            assertThat(body.read()).isEqualTo('b');
        }
    }

    @Test
    void aHeadThatDoesNotComeIsTooLate() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> http.open(call("http://127.0.0.1:" + silent.getLocalPort())))
                    .isInstanceOf(HttpTimeoutException.class);
        }
    }

    /** Asks a daemon with TLS where one descriptor is left. */
    static final class FewDescriptors {
        private FewDescriptors() {}

        public static void main(String[] arguments) throws IOException {
            ask(arguments); // loads what it takes
            List<InputStream> open = new ArrayList<>();
            try {
                while (true) {
                    open.add(Files.newInputStream(Path.of("/dev/null")));
                }
            } catch (FileSystemException _) {
                open.removeLast().close();
            }
            CommandException said = ask(arguments);
            open.removeLast().close();
            System.out.println(said.getMessage());
        }

        private static CommandException ask(String... arguments) {
            Daemon daemon =
                    new Daemon(URI.create(arguments[0]), Token.named(Path.of(arguments[1])), null, Trust.usual());
            try {
                throw new AssertionError(daemon.get("/pools", SHORT));
            } catch (CommandException e) {
                return e;
            }
        }
    }

    @Test
    void whereNoDescriptorIsLeftOnlyTheAnswerFails(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "x".repeat(64));
        List<String> java = Programs.java(
                "-cp",
                System.getProperty("java.class.path"),
                FewDescriptors.class.getName(),
                "https://127.0.0.1:1",
                token.toString());
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
        limited.addAll(java);
        try (ProgramProcess program = ProgramProcess.command(Map.of(), limited)) {
            assertThat(program.exitCode()).as(program.stderr()).isZero();
            assertThat(program.stdout())
                    .containsExactly("the daemon at https://127.0.0.1:1 could not be asked: " + OpenFilesLimit.WORDS);
        }
    }

    /** Asks a daemon with TLS. */
    static final class Asker {
        private Asker() {}

        public static void main(String[] arguments) {
            System.out.println(FewDescriptors.ask(arguments).getMessage());
        }
    }

    @Test
    void aBrokenFileOfAuthoritiesIsNotTheDaemonsFault(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "x".repeat(64));
        Path authorities = Files.writeString(folder.resolve("cacerts"), "broken");
        List<String> java = Programs.java(
                "-Djavax.net.ssl.trustStore=" + authorities,
                "-cp",
                System.getProperty("java.class.path"),
                Asker.class.getName(),
                "https://127.0.0.1:1",
                token.toString());
        try (ProgramProcess program = ProgramProcess.command(Map.of(), java)) {
            assertThat(program.stdout()).containsExactly("the file of the authorities that Java knows cannot be read");
        }
    }
}
