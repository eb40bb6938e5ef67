package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The same over launchers whose hosts can be cut off. */
abstract class CutFaults extends LauncherFaults {
    static final String CUT = "cut";
    static final String JOIN = "join";

    /** Takes the link of the second host down or up: {@link #CUT} or {@link #JOIN}. */
    abstract void link(String what) throws InterruptedException;

    @AfterEach
    @Override
    void endTheDaemon() throws Exception {
        link(JOIN);
        super.endTheDaemon();
    }

    @Test
    void aCutHostsRanksAreLostAndItsWorkersEndByTheirLease() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        List<Long> before = all();
        link(CUT);
        JsonNode after = assertToldTruly(pool, before);
        assertThat(gone(after, 0)).as(text(after, 0)).isTrue();
        assertThat(gone(after, 1)).as(text(after, 1)).isTrue();
        assertThat(after.at("/ranks/2/state").stringValue()).isEqualTo("lost");
        assertThat(after.at("/ranks/3/state").stringValue()).isEqualTo("lost");
        assertThat(after.at("/failure/text").stringValue()).contains(" on h2)").doesNotContain(" on h1)");
        assertThat(tpctl("status", pool).exitCode()).isEqualTo(1);
    }

    @Test
    void aCutInsideInitIsFoundByTheSilenceLongBeforeTheDeadline() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS, smallWorker(SILENT_INIT).toArray(String[]::new));
        List<Long> before = all();
        ProgramProcess init =
                ProgramProcess.command(environment(), inTheLeader(List.of(Programs.tpctl(), "init", pool)));
        await().atMost(LIMIT)
                .until(() -> status(pool).get("state").stringValue().equals("joining"));
        link(CUT);
        JsonNode after = assertToldTruly(pool, before);
        assertThat(init.exitCode(LIMIT)).isEqualTo(1);
        assertThat(after.at("/failure/text").stringValue())
                .startsWith("init failed on rank ")
                .contains(" on h2)")
                .contains("nothing was heard of its agent on h2");
        assertThat(gone(after, 0)).as(text(after, 0)).isTrue();
        assertThat(gone(after, 3)).as(text(after, 3)).isFalse();
    }

    @Test
    void aCutOfFourSecondsEndsNoPool() throws Exception {
        String pool = create(good(), TWO_HOSTS, RANKS);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        link(CUT);
        Thread.sleep(Duration.ofSeconds(4)); // what is tested
        link(JOIN);
        assertThat(tpctl("sanity", pool).exitCode()).isZero();
        assertThat(tpctl("shutdown", pool).exitCode()).isZero();
    }

    @Test
    void theNextDaemonKeepsTheDevicesThatAKilledOneHadOnACutHost() throws Exception {
        ProgramProcess created = createOnDevices(good(), TWO_HOSTS);
        assertThat(created.exitCode()).as(created.stderr()).isZero();
        String pool = created.line();
        List<Long> before = all();
        link(CUT);
        daemon().signal("KILL");
        assertThat(lives(before.get(3))).as("nobody has told it").isTrue();
        assertThat(startTheNextDaemon()).contains("ranks 2 and 3 of the pool " + pool + " on h2");
        Instant until = keptUntil(createOnDevices(good(), "h2:0-1"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).isEmpty());
        assertThat(Instant.now()).as("the link is still down").isBefore(until.plusSeconds(1));
        link(JOIN);
        await().atMost(LIMIT).until(() -> createOnDevices(good(), "h2:0-1").exitCode() == 0);
        assertThat(Instant.now()).isAfterOrEqualTo(until);
    }
}
