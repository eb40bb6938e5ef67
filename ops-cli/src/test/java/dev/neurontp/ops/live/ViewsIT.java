package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees of a pool of a real daemon, and can wait for. */
@Tag("long")
class ViewsIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    @Test
    void waitReturnsWhenThePoolIsInTheStateAndNotBefore() throws IOException, InterruptedException {
        String id = site.up();
        assertThat(site.call("wait", id, "--for", "ready").out()).isEqualTo("pool " + id + " is ready\n");
        CommandResult early = site.call("wait", id, "--for", "joined", "--timeout", "300ms");
        assertThat(early.code()).as(early.all()).isEqualTo(4);
        assertThat(early.err()).contains("pool " + id + " is not joined after", "it is ready");
        LiveDaemonFixture.Live joined = waiting(id, "joined");
        site.call("init", id);
        assertThat(joined.end().out()).endsWith("pool " + id + " is joined\r\n");
        LiveDaemonFixture.Live gone = waiting(id, "gone");
        site.call("shutdown", id);
        CommandResult end = gone.end();
        assertThat(end.code()).as(end.all()).isZero();
        assertThat(end.out()).endsWith("pool " + id + " is gone\r\n");
        site.awaitNothingLeft();
    }

    /** In a terminal it says when it waits. */
    private LiveDaemonFixture.Live waiting(String id, String state) throws IOException {
        return site.inATerminal("wait", id, "--for", state).awaiting("waiting until pool " + id + " is " + state);
    }

    @Tag("long")
    @Test
    void whatWillNeverBeIsNotWaitedFor() throws IOException, InterruptedException {
        String id = site.up();
        LiveDaemonFixture.Live watched = site.start("status", "-w").awaiting("is ready");
        LiveDaemonFixture.Live listed = site.start("ls", "-w").awaiting("ready");
        LiveDaemonFixture.Live joined = site.start("wait", id, "--for", "joined");
        LiveDaemonFixture.Live gone = site.start("wait", id, "--for", "gone");
        Signals.send("KILL", site.pid(1));
        CommandResult never = joined.end();
        assertThat(never.code()).as(never.all()).isEqualTo(1);
        assertThat(never.err())
                .contains("pool " + id + " will never be joined: it has failed: the idle pool lost rank 1");
        assertThat(gone.end()).isEqualTo(new CommandResult(0, "pool " + id + " is gone\n", ""));
        CommandResult status = watched.end();
        assertThat(status.code()).as(status.all()).isEqualTo(1);
        assertThat(status.out()).contains("is ready", "has failed", "exit 137 (SIGKILL)");
        listed.awaiting("failed");
        listed.process().destroy();
        assertThat(listed.end().out().lines().filter(line -> line.startsWith(id)))
                .hasSize(2)
                .last()
                .asString()
                .contains("failed", "the idle pool lost rank 1");
        CommandResult described = site.call("describe", id);
        assertThat(described.code()).isEqualTo(1);
        assertThat(described.out()).contains("command ", "exit 137 (SIGKILL)", "Events:", "pool has failed");
        site.call("shutdown", id);
        site.awaitNothingLeft();
    }

    /** A daemon that was started by up ends with its pool. */
    @Test
    void aListThatIsWatchedSaysWhichDaemonIsNotThereAnyMore() throws IOException, InterruptedException {
        String id = site.up();
        String other = site.up();
        LiveDaemonFixture.Live listed = site.start("ls", "-w").awaiting(id).awaiting(other);
        site.call("delete", id);
        listed.awaiting(" is not there any more: ");
        assertThat(listed.process().isAlive()).isTrue();
        listed.process().destroy();
        listed.end();
        site.call("shutdown", other);
        site.awaitNothingLeft();
    }

    @Test
    void whileAnInitHangsStatusSaysWhoHasNotCome() throws IOException, InterruptedException {
        // The daemon's own ping would find the stopped rank, too.
        Path settings = Files.writeString(site.folder().resolve("neuron.toml"), "[pools]\nproof = \"10m\"\n");
        String id = site.up("-n", "3", "--config", settings.toString());
        long pid = site.pid(1);
        Signals.send("STOP", pid);
        assertThat(site.call("status").out()).contains("ready, stopped").doesNotContain("come to join");
        LiveDaemonFixture.Live init = site.start("init", id);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> site.call("status").out(), page -> page.contains("2 of 3 ranks have come to join"));
        assertThat(site.call("status").out())
                .contains("busy: init", "missing: rank 1 (pid " + pid + "), its process is stopped");
        Signals.send("CONT", pid);
        assertThat(init.end().code()).isZero();
        assertThat(site.call("status").out()).doesNotContain("come to join", "stopped");
        site.call("shutdown", id);
        site.awaitNothingLeft();
    }

    @Tag("long")
    @Test
    void anInitThatTimesOutNamesWhoDidNotComeAndTellsTheRestOnce() throws IOException, InterruptedException {
        Path settings = Files.writeString(
                site.folder().resolve("neuron.toml"),
                "[pools]\nproof = \"10m\"\n[pools.deadlines]\ninit = \"2s\"\nsanity = \"2s\"\n");
        String id = site.up("-n", "6", "--config", settings.toString());
        Signals.send("STOP", site.pid(2));
        CommandResult init = site.call("init", id);
        assertThat(init.code()).as(init.all()).isEqualTo(1);
        List<String> lines = init.err()
                .lines()
                .filter(line -> line.contains("init failed on"))
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst())
                .contains(
                        "init failed on rank 2 (pid ",
                        "it did not come to join within 2 s; its process is stopped (a signal or a debugger)");
        assertThat(lines.getLast())
                .contains(
                        "and then init failed on ranks 0, 1 and 3 to 5: it did not answer within 2 s: it waited for rank 2,"
                                + " which did not come to join");
        assertThat(site.call("ls").out()).contains("init failed on rank 2: it did not come to join within 2 s");
        assertThat(site.call("events", id).out())
                .contains(") failed: it did not come to join")
                .doesNotContainPattern("rank \\d+ \\(pid \\d+\\) (has failed|is gone)");
        site.call("shutdown", id);
        site.awaitNothingLeft();
    }

    @Test
    void logsAreDatedAndLimitedByTime() throws IOException, InterruptedException {
        String id = site.up();
        site.call("init", id);
        assertThat(site.call("logs", "-t", "--tail", "1").out())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z  rank [01]  .*\n");
        assertThat(site.call("logs", "--since", "10m").out()).contains("joined a group of 2");
        assertThat(site.call("logs", "--since", "1ms").out()).isEmpty();
        assertThat(site.call("describe").out()).containsPattern("Last lines of rank 0:\n  .*joined a group of 2");
        assertThat(site.call("shutdown", id).code()).isZero();
        site.awaitNothingLeft();
    }
}
