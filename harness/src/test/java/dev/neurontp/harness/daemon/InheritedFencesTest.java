package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that has crashed had a rank on another host: the next one keeps its device, and ends it where it can. */
@Tag("long")
class InheritedFencesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Pattern UNTIL = Pattern.compile("has ended by (\\S+) at the latest");

    @TempDir
    Path folder;

    @Test
    void itsDeviceIsKeptUntilItsLeaseIsOver() throws Exception {
        left(rank(Duration.ofSeconds(1), Optional.empty()));
        try (TestDaemon daemon = daemon()) {
            HttpReply refused = create(daemon, "far-2:4");
            assertThat(refused.error()).isEqualTo("device_taken");
            assertThat(refused.message()).contains("far-2:4 may still be held", "rank 3 of the pool abc was lost");
            Instant until = until(refused);
            assertThat(create(daemon, "far-2:5").error()).isNotEqualTo("device_taken");
            await().atMost(LIMIT)
                    .until(() ->
                            !"device_taken".equals(create(daemon, "far-2:4").error()));
            assertThat(Instant.now()).isAfterOrEqualTo(until);
        }
    }

    @Test
    void aCommandThatShowsItsEndGivesTheDeviceFree() throws Exception {
        left(rank(LONG, Optional.of(new EndCommand(List.of("sh", "-c", "exit 0"), true, Optional.empty()))));
        try (TestDaemon daemon = daemon()) {
            await().atMost(LIMIT)
                    .until(() ->
                            !"device_taken".equals(create(daemon, "far-2:4").error()));
        }
    }

    @Test
    void aCommandThatOnlyAsksIsRunAndProvesNothing() throws Exception {
        Path asked = folder.resolve("asked");
        left(rank(LONG, Optional.of(new EndCommand(List.of("touch", asked.toString()), false, Optional.empty()))));
        try (TestDaemon daemon = daemon()) {
            await().atMost(LIMIT).until(() -> Files.exists(asked));
            assertThat(create(daemon, "far-2:4").error()).isEqualTo("device_taken");
        }
    }

    @Test
    void whatServedTheCommIdIsEndedToo() throws Exception {
        Path asked = folder.resolve("asked");
        left(PlacedRank.starting(
                "abc",
                0,
                "far",
                "far-2",
                "far-2",
                4,
                true,
                LONG,
                Optional.empty(),
                Optional.of(new EndCommand(List.of("touch", asked.toString()), true, Optional.empty()))));
        try (TestDaemon daemon = daemon()) {
            await().atMost(LIMIT).until(() -> Files.exists(asked));
            assertThat(create(daemon, "far-2:4").error())
                    .as("its end says nothing of the rank")
                    .isEqualTo("device_taken");
        }
    }

    @Test
    void aCommandThatSaysNoShowsNoEnd() throws Exception {
        Path asked = folder.resolve("asked");
        left(rank(
                LONG,
                Optional.of(new EndCommand(
                        List.of("sh", "-c", "touch \"$0\"; exit 1", asked.toString()), true, Optional.empty()))));
        try (TestDaemon daemon = daemon()) {
            await().atMost(LIMIT).until(() -> Files.exists(asked));
            assertThat(create(daemon, "far-2:4").error()).isEqualTo("device_taken");
        }
    }

    @Test
    void aLeaseThatIsOverKeepsNothing() throws Exception {
        left(rank(LONG, Optional.empty()).lostAt(Instant.now().minus(LONG.multipliedBy(2))));
        try (TestDaemon daemon = daemon()) {
            assertThat(create(daemon, "far-2:4").error()).isNotEqualTo("device_taken");
        }
    }

    @Test
    void noFileKeepsADeviceLongerThanALease() throws Exception {
        left(rank(Duration.ofSeconds(30), Optional.empty()).lostAt(Instant.now().plus(Duration.ofDays(1000))));
        try (TestDaemon daemon = daemon()) {
            assertThat(until(create(daemon, "far-2:4"))).isBefore(Instant.now().plusSeconds(40));
        }
    }

    private static PlacedRank rank(Duration lease, Optional<EndCommand> end) {
        return PlacedRank.starting("abc", 3, "far", "far-2", "far-2", 4, true, lease, end, Optional.empty());
    }

    /** As if a daemon had crashed that had started it. */
    private void left(PlacedRank rank) throws IOException {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        DaemonFile dead = new DaemonFile(
                1, 1, 1, ProcessIdentity.thisBoot(), "http://x", "/t", "1", Instant.now(), List.of(), null);
        new WorkerLedger(runtime, dead).place("abc", List.of(rank));
    }

    private TestDaemon daemon() throws Exception {
        return TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.COMMANDS_ARE_WORKERS, false)
                        .with("launchers.far.preset", "exec")
                        .with("launchers.far.start", List.of("/bin/false")));
    }

    /** Its launcher starts nothing: what counts is whether the device is given. */
    private static HttpReply create(TestDaemon daemon, String at) throws Exception {
        return daemon.post(
                "/pools?wait=20s",
                "{\"world_size\":1,\"communicator\":\"nccl\",\"hosts\":[\"" + at
                        + "\"],\"launcher\":\"far\",\"command\":" + Json.text(TestDaemon.command("none")) + "}");
    }

    private static Instant until(HttpReply refused) {
        Matcher until = UNTIL.matcher(refused.message());
        assertThat(until.find()).as(refused.text()).isTrue();
        return Instant.parse(until.group(1));
    }
}
