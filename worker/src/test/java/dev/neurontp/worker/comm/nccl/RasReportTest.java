package dev.neurontp.worker.comm.nccl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RasReportTest {
    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final Path IPV6 = Path.of("/proc/net/if_inet6");

    private interface Answer {
        void give(BufferedReader in, Socket socket) throws IOException;
    }

    private static String ask(Answer answer, Duration bound) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> serve(server, answer));
            return RasReport.ask("localhost:" + server.getLocalPort(), bound).orElse("(nothing)");
        }
    }

    /** The same on ::1 alone, where NCCL listens if the resolver gives that first. */
    @Test
    void aPortOfLocalhostMayBeOnEitherAddress() throws IOException {
        assumeTrue(Files.exists(IPV6), "SKIPPED: this host has no IPv6");
        for (String loopback : List.of("127.0.0.1", "::1")) {
            try (ServerSocket server = new ServerSocket()) {
                server.bind(new InetSocketAddress(InetAddress.ofLiteral(loopback), 0));
                Thread.ofPlatform().daemon().start(() -> serve(server, RasReportTest::status));

                assertThat(RasReport.ask("localhost:" + server.getLocalPort(), BOUND))
                        .as(loopback)
                        .contains("Rank 1: dead");
            }
        }
    }

    @Test
    void anAddressThatStaysSilentLeavesTimeForTheNext() throws IOException {
        assumeTrue(Files.exists(IPV6), "SKIPPED: this host has no IPv6");
        try (ServerSocket silent = new ServerSocket();
                ServerSocket server = new ServerSocket()) {
            silent.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), silent.getLocalPort()));
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> serve(silent, (in, _) -> in.lines().forEach(_ -> {})));
            Thread.ofPlatform().daemon().start(() -> serve(server, RasReportTest::status));

            assertThat(RasReport.ask("localhost:" + server.getLocalPort(), BOUND))
                    .contains("Rank 1: dead");
        }
    }

    @Test
    void addressesMayBeWrittenAsNumbers() throws IOException {
        assumeTrue(Files.exists(IPV6), "SKIPPED: this host has no IPv6");
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            Thread.ofPlatform().daemon().start(() -> serve(server, RasReportTest::status));

            assertThat(RasReport.ask("[::1]:" + server.getLocalPort(), BOUND)).contains("Rank 1: dead");
        }
    }

    private static void status(BufferedReader in, Socket socket) throws IOException {
        in.readLine();
        socket.getOutputStream().write("OK\n".getBytes(UTF_8));
        in.readLine();
        socket.getOutputStream().write("Rank 1: dead\n".getBytes(UTF_8));
    }

    private static void serve(ServerSocket server, Answer answer) {
        try (Socket socket = server.accept();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            answer.give(in, socket);
        } catch (IOException _) {
            // The asker has given up, as some of these tests want it.
            return;
        }
    }

    @Test
    void theStatusIsAskedForAsNcclsClientDoesItAndPutOnOneLine() throws IOException {
        List<String> heard = new ArrayList<>();

        String report = ask(
                (in, socket) -> {
                    heard.add(in.readLine());
                    socket.getOutputStream().write("OK\n".getBytes(UTF_8));
                    heard.add(in.readLine());
                    socket.getOutputStream().write("NCCL version 2.28\n\n  Rank 1: dead\n".getBytes(UTF_8));
                },
                BOUND);

        assertThat(heard).containsExactly("timeout 1", "verbose status");
        assertThat(report).isEqualTo("NCCL version 2.28 | Rank 1: dead");
    }

    @Test
    void aPortThatStaysSilentIsGivenUpAtTheBound() throws IOException {
        long start = System.nanoTime();

        assertThat(ask((in, _) -> in.lines().forEach(_ -> {}), Duration.ofMillis(300)))
                .isEqualTo("(nothing)");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }

    @Test
    void whatCameBeforeTheBoundIsKept() throws IOException {
        String report = ask(
                (in, socket) -> {
                    in.readLine();
                    socket.getOutputStream().write("OK\nhalf of it".getBytes(UTF_8));
                    in.readLine();
                    in.readLine();
                },
                Duration.ofMillis(300));

        assertThat(report).isEqualTo("half of it");
    }

    @Test
    void nobodyAtTheAddressAndNoAddressAtAllAreNoReport() throws IOException {
        int closed;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = server.getLocalPort();
        }

        assertThat(RasReport.ask("localhost:" + closed, BOUND)).isEmpty();
        assertThat(RasReport.ask("no such thing", BOUND)).isEmpty();
        assertThat(RasReport.ask("localhost", BOUND)).isEmpty();
    }
}
