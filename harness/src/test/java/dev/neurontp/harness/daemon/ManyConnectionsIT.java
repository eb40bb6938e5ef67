package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reaches the daemon can open connections, without a token too. */
@Timeout(120)
class ManyConnectionsIT {
    private static final int FILES = 256;

    @TempDir
    private Path folder;

    @Test
    void theyLeaveDescriptorsForThePools() throws Exception {
        List<String> limited = List.of("sh", "-c", "ulimit -n " + FILES + "; exec \"$0\" \"$@\"");
        try (DaemonProcess neuron = DaemonProcess.listeningBehind(limited, folder, Map.of())) {
            List<Long> ranks = neuron.pool(List.of());
            URI url = URI.create(neuron.url());
            List<Socket> connections = new ArrayList<>();
            for (int i = 0; i < FILES; i++) {
                connections.add(new Socket(url.getHost(), url.getPort()));
            }
            long[] before = {-1};
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                long now = descriptors(neuron.program.pid());
                boolean settled = now == before[0];
                before[0] = now;
                return settled;
            });
            assertThat(before[0]).isLessThan(FILES - 64);
            for (Socket connection : connections) {
                connection.close();
            }
            assertThat(ranks).hasSize(2);
            assertThat(neuron.pool(List.of())).hasSize(2);
        }
    }

    /** Its client need not end its side: the place of one that said nothing is somebody else's soon after the daemon's end. */
    @Test
    @Tag("long")
    void theDescriptorOfASilentOneIsNotKeptForAsLongAgain() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NEURON_LIMITS__IDLE", "20s"))) {
            URI url = URI.create(neuron.url());
            long before = descriptors(neuron.program.pid());
            long start = System.nanoTime();
            try (Socket silent = new Socket(url.getHost(), url.getPort())) {
                await().until(() -> descriptors(neuron.program.pid()) > before);
                assertThat(silent.getInputStream().read())
                        .as("the daemon's end")
                        .isEqualTo(-1);
                long ended = System.nanoTime() - start;
                await().atMost(Duration.ofSeconds(60)).until(() -> descriptors(neuron.program.pid()) <= before);
                assertThat((double) (System.nanoTime() - start) / ended).isLessThan(1.75);
            }
        }
    }

    private static long descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.count();
        }
    }
}
