package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Footprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon under wrk for {@code load.seconds} (600 by default): half of it listing pools, half of it pinging one. Prints
 * what docs/benchmarks.md states. No speed is asserted, only that every answer is a success and that nothing grows.
 */
@Tag("soak")
class LoadSoakIT {
    private static final int SECONDS = Integer.getInteger("load.seconds", 600);
    private static final int LISTING = 32;
    private static final int PINGING = 8;

    /** The server's own threads come and go within this bound, whatever is asked. */
    private static final int HTTP_THREADS = 32;

    @TempDir
    private Path folder;

    @Test
    void listingAndPingingLoseNothingAndLeakNothing() throws Exception {
        assumeTrue(Wrk.isThere(), "there is no wrk on the PATH: apt-get install wrk");
        try (DaemonProcess daemon = DaemonProcess.listening(folder, Map.of())) {
            daemon.pool(List.of());
            String id = daemon.poolId();
            Wrk wrk = new Wrk(folder, daemon.url(), daemon.token());
            // A few seconds first: classes are loaded and the pools of threads and connections filled.
            wrk.run("GET", "/pools", LISTING, 2, () -> {});
            wrk.run("POST", "/pools/" + id + "/ping?wait=10s", PINGING, 2, () -> {});
            Footprint footprint = new Footprint(daemon.program.pid());
            Footprint.Sample before = settled(footprint);

            Wrk.Result listing = wrk.run("GET", "/pools", LISTING, SECONDS / 2, footprint::sample);
            Wrk.Result pinging =
                    wrk.run("POST", "/pools/" + id + "/ping?wait=10s", PINGING, SECONDS / 2, footprint::sample);

            Footprint.Sample after = settled(footprint);
            System.out.println("load: GET /pools            " + listing);
            System.out.println("load: POST /pools/ID/ping   " + pinging);
            System.out.println("load: before " + before + "; after " + after);
            System.out.println("load: resident MiB, highest of each tenth of the run: " + footprint.tenths());
            assertThat(listing.lost()).isEmpty();
            assertThat(pinging.lost()).isEmpty();
            footprint.requireFlat();
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 2);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + HTTP_THREADS);
            assertThat(daemon.send("POST", "/pools/" + id + "/ping", "").status())
                    .isEqualTo(200);
        }
    }

    /** Once the connections of the last run are closed on the daemon's side too. */
    private static Footprint.Sample settled(Footprint footprint) throws IOException {
        await().until(() -> footprint.look().sockets() < PINGING);
        return footprint.look();
    }
}
