package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Signals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The faults that are the same over each launcher, and what is asked of each: no worker outlives its lease, and no end is told before. */
abstract class LauncherFaults extends LaunchedPoolsFixture {
    /** The launcher that works. */
    abstract String good();

    /** Launchers that start nothing, each with what has to be said of it. */
    abstract Map<String, String> wrong();

    /** Whether the launcher's own service tells that what it has started is gone, although its agent could not. */
    boolean provesEnd() {
        return false;
    }

    @Test
    void aPoolJoinsSumsAndLeavesInOrder() {
        String pool = create(good(), TWO_HOSTS, RANKS);
        assertThat(tpctl("init", pool).exitCode()).isZero();
        assertThat(tpctl("sanity", pool).exitCode()).isZero();
        assertThat(status(pool).at("/ranks/3/host").stringValue()).isEqualTo("h2");
        assertThat(tpctl("shutdown", pool).exitCode()).isZero();
        assertThat(text(status(pool), 3)).isEqualTo("bye, exit 0");
        assertThat(workers()).isEmpty();
    }

    @Test
    void aKilledLeaderLeavesNoWorkerAlthoughOneStandsStill() {
        create(good(), TWO_HOSTS, RANKS);
        Signals.send("STOP", worker(3));
        daemon().signal("KILL");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(workers()).isEmpty());
    }

    @Test
    void aKilledLauncherIsNoEndOfItsWorker() {
        String pool = create(good(), TWO_HOSTS, RANKS);
        List<Long> before = all();
        Signals.send("KILL", carrier(2));
        JsonNode after = assertToldTruly(pool, before);
        assertThat(gone(after, 2)).as(text(after, 2)).isEqualTo(provesEnd());
        assertThat(gone(after, 0)).as(text(after, 0)).isTrue();
    }

    @Test
    void aLauncherThatStandsStillIsFoundByTheSilence() {
        String pool = create(good(), TWO_HOSTS, RANKS);
        List<Long> before = all();
        Signals.send("STOP", carrier(2));
        JsonNode after = assertToldTruly(pool, before);
        assertThat(after.at("/failure/text").stringValue()).contains("rank 2").contains(" on h2)");
        assertThat(gone(after, 2)).as(text(after, 2)).isEqualTo(provesEnd());
    }

    @Test
    void aKilledWorkerIsToldByItsAgent() {
        String pool = create(good(), TWO_HOSTS, RANKS);
        List<Long> before = all();
        Signals.send("KILL", before.get(3));
        JsonNode after = assertToldTruly(pool, before);
        assertThat(after.at("/failure/text").stringValue())
                .startsWith("the idle pool lost rank 3 (pid " + after.at("/ranks/3/pid") + " on h2)")
                .contains("its end: exit 137 (SIGKILL)");
        assertThat(after.at("/ranks")).allMatch(rank -> rank.at("/end/gone").booleanValue());
    }

    @Test
    void aWorkerThatStandsStillIsEndedByItsAgent() {
        String pool = create(good(), TWO_HOSTS, RANKS);
        Signals.send("STOP", worker(1));
        assertThat(tpctl("shutdown", pool).exitCode()).isEqualTo(1);
        assertThat(text(status(pool), 1)).isEqualTo("exit 137 (SIGKILL); its stdin was closed");
        assertThat(workers()).isEmpty();
    }

    @Test
    void aKilledAgentTellsNoEnd() {
        String pool = create(good(), TWO_HOSTS, RANKS);
        List<Long> before = all();
        Signals.send("KILL", agent(2));
        JsonNode after = assertToldTruly(pool, before);
        assertThat(gone(after, 2)).as(text(after, 2)).isEqualTo(provesEnd());
    }

    @Test
    void whatTheLauncherRefusesIsToldAndNothingIsStarted() {
        wrong().forEach((launcher, words) -> {
            ProgramProcess create = tpctl("create", "--wait", "--launcher", launcher, "--hosts", "h2:0-1");
            assertThat(create.exitCode()).as(launcher).isEqualTo(1);
            assertThat(create.stderr()).as(launcher).contains(words, "on h2)", "nothing was started there");
        });
        assertThat(workers()).isEmpty();
    }

    @Test
    void thirtyThreeRanksStartOnOneHost() {
        ProgramProcess create = tpctl(Stream.concat(
                        Stream.of(
                                "create",
                                "-q",
                                "--wait",
                                "--timeout",
                                "5m",
                                "--launcher",
                                good(),
                                "--hosts",
                                "h1:0-32",
                                "--"),
                        smallWorker("none").stream())
                .toArray(String[]::new));
        assertThat(create.exitCode(Duration.ofMinutes(5))).as(create.stderr()).isZero();
        assertThat(tpctl("ping", create.line()).exitCode()).isZero();
    }
}
