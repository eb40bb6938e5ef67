package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.api.Json;
import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pools in real daemons, from bringing up to nothing left. */
class PoolLifeIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    @Test
    void aPoolLivesFromUpToShutdownAndLeavesNothing() throws IOException, InterruptedException {
        String id = site.up("-n", "3");
        assertThat(site.tpctl("ls").out()).contains(id, "ready");
        assertThat(site.tpctl("ls", "-o", "json").out()).contains("\"id\":\"" + id + "\"", "\"world_size\":3");
        CommandResult ping = site.tpctl("ping", id.substring(0, 3), "--count", "3", "--interval", "10ms");
        assertThat(ping.code()).as(ping.all()).isZero();
        assertThat(ping.out()).contains("round 3, 3 pongs", "3 rounds, 3 answered, 0.000% loss", "min/avg/p99/max");
        CommandResult early = site.tpctl("sanity");
        assertThat(early.code()).as(early.all()).isEqualTo(1);
        assertThat(early.err()).contains("init");
        CommandResult init = site.tpctl("init");
        assertThat(init.code()).as(init.all()).isZero();
        assertThat(init.out()).contains("3 ranks joined");
        assertThat(site.tpctl("sanity").out()).contains("every rank adds up to 3, as it must");
        assertThat(site.tpctl("sanity", "-o", "json").out()).contains("\"sum\":3");
        CommandResult status = site.tpctl("status");
        assertThat(status.code()).isZero();
        assertThat(status.out()).contains("pool " + id + " is joined");
        assertThat(site.tpctl("events", id).out()).contains("pool is joined", "sanity done");
        assertThat(site.tpctl("logs", "--rank", "2").out())
                .contains("joined a group of 3")
                .doesNotContain("rank 1");
        CommandResult shutdown = site.tpctl("shutdown", id);
        assertThat(shutdown.code()).as(shutdown.all()).isZero();
        assertThat(shutdown.out()).contains("pool " + id + " is shut down", "bye, exit 0");
        site.awaitNothingLeft();
        assertThat(site.tpctl("ls").code()).isEqualTo(3);
    }

    /** A disk that is full, or a pipe whose reader has gone, as in {@code tpctl events -f | head -1}. */
    @Tag("long")
    @Test
    void whatGoesOnForEverEndsWhereNobodyReadsIt() throws IOException, InterruptedException {
        site.up("-n", "2");
        isExit(3, "ping --interval 20ms >/dev/full");
        isExit(0, "ping --interval 20ms | true");
        isExit(3, "status -w -o json >/dev/full");
        isExit(3, "events -f >/dev/full");
        assertThat(site.call("shutdown", "--all").code()).isZero();
        site.awaitNothingLeft();
    }

    private void isExit(int code, String command) throws IOException, InterruptedException {
        CommandResult ran = site.shell("set -o pipefail; \"$0\" " + command);
        assertThat(ran.code()).as("%s: %s", command, ran.all()).isEqualTo(code);
    }

    @Test
    void aWorkerKilledFromOutsideIsReportedWithItsCause() throws IOException, InterruptedException {
        String id = site.up();
        long pid = site.pid(1);
        site.call("init");
        LiveDaemonFixture.Live follow = site.start("logs", "-f").awaiting("joined a group");
        Signals.send("KILL", pid);
        assertThat(follow.end().err()).contains("pool " + id + " has ended");
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        site.call("status", id, "-o", "json").out().contains("\"ranks\":[{\"rank\":1,\"pid\":" + pid));
        CommandResult status = site.call("status");
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.out())
                .contains("pool " + id + " has failed", "rank 1 (pid " + pid + ")", "exit 137 (SIGKILL)");
        CommandResult ping = site.call("ping");
        assertThat(ping.code()).isEqualTo(1);
        assertThat(ping.err()).contains("exit 137 (SIGKILL)", "bring up a new one");
        assertThat(site.call("ls").out()).contains("failed", "rank 1");
        assertThat(site.call("events").out()).contains("pool has failed");
        assertThat(pools()).contains("daemon http", id, "exit 137 (SIGKILL)");
        CommandResult shutdown = site.call("shutdown", id);
        assertThat(shutdown.code()).as(shutdown.all()).isZero();
        assertThat(shutdown.out()).contains("had ended before");
        site.awaitNothingLeft();
    }

    /** What the archive for a report of a bug says of the pools. */
    private String pools() throws IOException, InterruptedException {
        Path archive = site.folder().resolve("bundle.tar.gz");
        site.call("doctor", "--only", "nofile", "--bundle", archive.toString());
        return new String(
                new ProcessBuilder("tar", "-xzOf", archive.toString(), "tpctl-doctor/pools.txt")
                        .start()
                        .getInputStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
    }

    @Tag("long")
    @Test
    void severalDaemonsAreFoundAndShutDownTogether() throws IOException, InterruptedException {
        String one = site.up();
        String two = site.up();
        assertThat(site.daemons()).hasSize(2);
        assertThat(site.call("ls").out()).contains(one, two);
        CommandResult which = site.call("ping");
        assertThat(which.code()).isEqualTo(2);
        assertThat(which.err()).contains("there are 2 pools: which one?", one, two);
        assertThat(site.call("ping", two).code()).isZero();
        CommandResult kill = site.call("kill", one);
        assertThat(kill.code()).as(kill.all()).isZero();
        assertThat(kill.out()).contains("pool " + one + " was ended");
        assertThat(site.daemons()).hasSize(1);
        assertThat(site.call("shutdown", "--all").code()).isZero();
        site.awaitNothingLeft();
    }

    @Test
    void aDaemonThatTpctlDidNotStartOutlivesItsPools() throws IOException, InterruptedException {
        LiveDaemonFixture.Live daemon = site.neuron("--port", "0").awaiting("status=listening");
        CommandResult none = site.call("ping");
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err()).contains("there is no pool here", "tpctl up -d");
        assertThat(site.call("ls").err()).contains("No pool that lives or has failed");
        assertThat(site.call("shutdown", "--all").err()).contains("No pool lives");
        assertThat(daemon.process().isAlive()).isTrue();
        daemon.process().destroy();
        assertThat(daemon.end().code()).isZero();
        site.awaitNothingLeft();
    }

    @Test
    void whoWatchesAPoolIsToldItsEndWhereItsDaemonIsStoppedInOrder() throws IOException, InterruptedException {
        LiveDaemonFixture.Live daemon = site.neuron("--port", "0").awaiting("status=listening");
        assertThat(site.call("create", "--communicator", "loopback", "--size", "2", "--name", "sw")
                        .code())
                .isZero();
        LiveDaemonFixture.Live watch = site.start("status", "sw", "-w").awaiting("ready");
        LiveDaemonFixture.Live joined = site.start("wait", "sw", "--for", "joined");
        await().until(() -> hasConnection(joined.process().pid()));
        assertThat(site.call("ping", "sw").code()).isZero();
        daemon.process().destroy();
        assertThat(daemon.end().code()).isZero();
        CommandResult status = watch.end();
        assertThat(status.code()).as(status.all()).isZero();
        assertThat(status.out()).contains("gone");
        CommandResult never = joined.end();
        assertThat(never.code()).as(never.all()).isEqualTo(1);
        assertThat(never.err()).contains("will never be joined: it is gone");
        site.awaitNothingLeft();
    }

    @Test
    void whoFollowsTheEventsOfAPoolThatIsDeletedIsToldItsEnd() throws IOException, InterruptedException {
        LiveDaemonFixture.Live daemon = site.neuron("--port", "0").awaiting("status=listening");
        site.call("create", "--communicator", "loopback", "--size", "1", "--name", "ee", "--wait");
        LiveDaemonFixture.Live events = site.start("events", "ee", "-f").awaiting("pool is ready");
        assertThat(site.call("delete", "ee", "-y").code()).isZero();
        CommandResult ended = events.end();
        assertThat(ended.code()).as(ended.all()).isZero();
        assertThat(ended.out()).contains("removed from the list");
        daemon.process().destroy();
        daemon.end();
        site.awaitNothingLeft();
    }

    private static boolean hasConnection(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.anyMatch(PoolLifeIT::isSocket);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException _) {
            return false; // closed meanwhile
        }
    }

    /** Without a descriptor nothing in /proc can be read: that shows no end of the daemon. */
    @Tag("long")
    @Test
    void whereTpctlMayOpenNoFileAnyMoreItDoesNotSayThatTheDaemonHasEnded() throws IOException, InterruptedException {
        site.up();
        LiveDaemonFixture.Live ping =
                site.start("ping", "--count", "100000", "--interval", "50ms").awaiting("round 3");
        assumeTrue(
                Programs.runs(List.of("prlimit", "--pid=" + ping.process().pid(), "--nofile=3:")),
                "SKIPPED: there is no prlimit");
        CommandResult ran = ping.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("could not be asked", "ulimit -n").doesNotContain("ended while it was asked");
        assertThat(site.call("shutdown", "--all").code()).isZero();
        site.awaitNothingLeft();
    }

    @Test
    void aDaemonKilledIsNoLongerFoundAndItsWorkersGo() throws IOException, InterruptedException {
        site.up();
        long daemon = site.daemons().getFirst();
        LiveDaemonFixture.Live follow = site.start("events", "-f").awaiting("pool is ready");
        Signals.send("KILL", daemon);
        CommandResult events = follow.end();
        assertThat(events.code()).isEqualTo(3);
        assertThat(events.err()).contains("(pid " + daemon + ") ended while it was asked", "end by themselves");
        CommandResult ls = site.call("ls");
        assertThat(ls.code()).isEqualTo(3);
        assertThat(ls.err()).contains("no neuron daemon of this user runs on this host");
        await().atMost(Duration.ofSeconds(20)).until(() -> site.processes().isEmpty());
    }

    @Tag("long")
    @Test
    void aDaemonThatStandsStillIsSaidAndKeepsNoOtherPoolAlive() throws IOException, InterruptedException {
        String stuck = site.up();
        long daemon = site.daemons().getFirst();
        String other = site.up();
        Signals.send("STOP", daemon);
        CommandResult ls = site.call("ls", "--timeout", "5s");
        assertThat(ls.code()).as(ls.all()).isEqualTo(4);
        assertThat(ls.out()).contains(other).doesNotContain(stuck);
        assertThat(ls.err()).contains("(pid " + daemon + ") did not answer within 5.00 s", "kill -CONT " + daemon);
        CommandResult shutdown = site.call("shutdown", "--all", "--timeout", "10s");
        assertThat(shutdown.code()).as(shutdown.all()).isEqualTo(4);
        assertThat(shutdown.out()).contains("pool " + other + " is shut down");
        assertThat(shutdown.err()).contains("kill -CONT " + daemon);
        Path file = Files.writeString(site.folder().resolve("pool.toml"), "name = \"late\"\nworld_size = 2\n");
        Path daemonFile = site.runtime().resolve("daemon-" + daemon + ".json");
        String url = Json.mapper().readTree(daemonFile).get("url").stringValue();
        CommandResult apply = site.call("apply", "-f", file.toString(), "--timeout", "2s", "--host", url);
        assertThat(apply.code()).as(apply.all()).isEqualTo(4);
        assertThat(apply.err()).contains("did not answer within 2.00 s");
        Signals.send("CONT", daemon);
        assertThat(site.call("ls").out()).contains(stuck).doesNotContain(other);
        assertThat(site.call("shutdown", "--all").code()).isZero();
        site.awaitNothingLeft();
    }

    @Test
    void aWrongTokenIsSaidAndLeavesThePoolAlone() throws IOException, InterruptedException {
        String id = site.up();
        Path wrong = Files.writeString(site.folder().resolve("wrong"), "0".repeat(64) + "\n");
        CommandResult ran = site.call("shutdown", id, "--token-file", wrong.toString());
        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.err()).contains("refuses the token in " + wrong, "--token-file");

        Path token = site.runtime().resolve("token");
        String right = Files.readString(token);
        Files.copy(wrong, token, StandardCopyOption.REPLACE_EXISTING);
        CommandResult changed = site.call("ls");
        assertThat(changed.code()).isEqualTo(3);
        assertThat(changed.err()).contains("refuses the token in " + token, "has changed since that daemon started");
        Files.writeString(token, right);
        assertThat(site.call("ping").code()).isZero();
        assertThat(site.call("shutdown", id).code()).isZero();
    }

    @Tag("long")
    @Test
    void aBusyPoolIsOutOfTime() throws IOException, InterruptedException {
        String id = site.up();
        long pid = site.pid(1);
        Signals.send("STOP", pid);
        CommandResult ran = site.call("init", id, "--timeout", "500ms");
        assertThat(ran.code()).as(ran.all()).isEqualTo(4);
        assertThat(ran.err()).contains("--timeout");
        Signals.send("CONT", pid);
        assertThat(site.call("kill", id).code()).isZero();
        site.awaitNothingLeft();
    }

    @Tag("long")
    @Test
    void inATerminalAllPoolsAreEndedOnlyWhenAPersonConfirms() throws IOException, InterruptedException {
        String id = site.up();
        for (String answer : List.of("n", "")) {
            CommandResult declined = answering("kill", answer);
            assertThat(declined.code()).as(declined.all()).isEqualTo(1);
            assertThat(declined.out()).contains("End 1 pool: " + id + "?", "not confirmed, so nothing was done");
        }
        assertThat(site.call("ping", id, "-c", "1").code()).isZero();
        CommandResult confirmed = answering("shutdown", "y");
        assertThat(confirmed.code()).as(confirmed.all()).isZero();
        assertThat(confirmed.out()).contains("pool " + id + " is shut down");
        site.awaitNothingLeft();
    }

    private CommandResult answering(String command, String answer) throws IOException, InterruptedException {
        LiveDaemonFixture.Live asked = site.inATerminal(command, "--all").awaiting("[y/N]");
        try (OutputStream keys = asked.process().getOutputStream()) {
            keys.write((answer + "\n").getBytes(StandardCharsets.US_ASCII));
            keys.flush();
            return asked.end();
        }
    }
}
