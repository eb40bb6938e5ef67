package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.Footprint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand clients at once, or slow ones: nothing is lost, and nothing is left of them. */
@Tag("long")
class ManyClientsTest {
    private static final int CLIENTS = 1000;
    private static final int SLOW = 500;

    @TempDir
    Path folder;

    @Test
    void aThousandClientsListAndPingAtOnce() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            crowd(daemon, id, CLIENTS);
            long heap = heap();
            long files = openFiles();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();

            Map<Integer, Integer> statuses = crowd(daemon, id, CLIENTS);

            assertThat(statuses).containsExactly(Map.entry(200, 3 * CLIENTS));
            assertThat(daemon.post("/pools/" + id + "/ping").status()).isEqualTo(200);
            await().untilAsserted(() -> {
                assertThat(openFiles()).isLessThan(files + 20);
                assertThat(heap()).as("heap in use, MiB").isLessThan(heap + 8);
                assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + 20);
            });
        }
    }

    @Test
    void fiveHundredSlowConnectionsHoldUpNobody() throws Exception {
        byte[] request = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        List<Socket> slow = new ArrayList<>();
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            URI url = URI.create(daemon.daemon.url());
            for (int i = 0; i < SLOW; i++) {
                Socket socket = new Socket(url.getHost(), url.getPort());
                slow.add(socket);
                socket.setSoTimeout(30_000);
            }
            // A byte from each in turn; in the middle of it all others are served at once.
            for (int sent = 0; sent < request.length; sent++) {
                for (Socket socket : slow) {
                    socket.getOutputStream().write(request[sent]);
                }
                if (sent == request.length / 2) {
                    assertThat(crowd(daemon, id, 10)).containsExactly(Map.entry(200, 30));
                }
            }
            for (Socket socket : slow) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200 ");
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static Map<Integer, Integer> crowd(TestDaemon daemon, String id, int clients) throws Exception {
        Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < clients; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        start.await();
                        HttpRequest list = daemon.request("/pools").build();
                        HttpRequest ping = daemon.request("/pools/" + id + "/ping?wait=60s")
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build();
                        for (HttpRequest request : List.of(list, ping, list)) {
                            int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode();
                            statuses.merge(status, 1, Integer::sum);
                        }
                    } catch (IOException | InterruptedException e) {
                        statuses.merge(-1, 1, Integer::sum);
                    }
                }));
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return statuses;
    }

    /** MiB that are in use once the garbage is out. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private static long openFiles() throws IOException {
        return Footprint.ofThisProcess().look().descriptors();
    }
}
