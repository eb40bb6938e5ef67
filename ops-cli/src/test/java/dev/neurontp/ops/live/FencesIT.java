package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The devices of ranks whose end nobody has seen, when their daemon has ended before their leases. */
@Tag("long")
class FencesIT extends LaunchedPoolsFixture {
    private static final String HOSTS = "h1:0,h2:0";

    /** Far above what some starts of a daemon take. */
    @Override
    Duration lease() {
        return Duration.ofMinutes(5);
    }

    /** As far-launcher.sh, and it keeps what stands in the list of workers when it is started. */
    @Override
    String launchers() {
        String far = Programs.root()
                .resolve("harness/src/test/resources/far-launcher.sh")
                .toString();
        return launcher(
                        "far",
                        "exec",
                        Programs.neuron(),
                        "start = "
                                + toml(List.of(
                                        "sh",
                                        "-c",
                                        "cat " + folder.resolve("run") + "/workers-*.json >" + seen("$1")
                                                + "; shift; exec sh " + far + " " + folder + " HELD=" + mark + " $*",
                                        "far",
                                        "{rank}")))
                + "[hosts]\nh1.address = \"127.0.0.1\"\nh2.address = \"127.0.0.2\"\n";
    }

    @AfterEach
    void endWhatHoldsThePipes() {
        Processes.with("HOLDS_HELD=" + mark).forEach(Processes.Running::kill);
    }

    private Path seen(String rank) {
        return folder.resolve("seen-" + rank);
    }

    @Test
    void aKilledDaemonsDevicesAreKeptByTheNextOne() throws Exception {
        String pool = created();
        assertThat(Files.readString(seen("1")))
                .as("what was known before the start")
                .contains("\"pool\":\"" + pool
                        + "\",\"rank\":1,\"launcher\":\"far\",\"host\":\"h2\",\"machine\":\"127.0.0.2\",\"device\":0");
        daemon().signal("KILL");
        assertThat(startTheNextDaemon())
                .contains("rank 0 of the pool " + pool + " on h1", "rank 1 of the pool " + pool + " on h2");
        Instant until = keptUntil(createOnDevices("far", HOSTS));
        for (String signal : List.of("KILL", "TERM")) {
            daemon().signal(signal);
            startTheNextDaemon();
            assertThat(keptUntil(createOnDevices("far", HOSTS)))
                    .as("one more end makes it no longer and no shorter")
                    .isEqualTo(until);
        }
    }

    @Test
    void aLostRanksDeviceIsKeptByTheNextDaemonUntilTheSameInstant() throws IOException {
        String pool = created();
        Signals.send("KILL", carrier(1));
        JsonNode after = awaitEnded(pool);
        Instant until = Instant.parse(after.at("/ranks/1/end/lease_ends").stringValue());
        daemon().signal("TERM");
        assertThat(startTheNextDaemon())
                .contains("rank 1 of the pool " + pool + " on h2", until.toString())
                .doesNotContain("rank 0 of the pool");
        assertThat(keptUntil(createOnDevices("far", HOSTS))).isEqualTo(until);
    }

    private String created() {
        ProgramProcess created = createOnDevices("far", HOSTS);
        assertThat(created.exitCode()).as(created.stderr()).isZero();
        return created.line();
    }
}
