package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.FrozenProcess;
import dev.neurontp.testing.Signals;
import dev.neurontp.testing.SmallFileSystem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tpctl up} in the foreground: what it takes, and how it ends where nobody signals it. */
class UpIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    @Test
    void aPoolFileSaysWhatThePoolIs() throws IOException, InterruptedException {
        Path file = Files.writeString(
                site.folder().resolve("pool.toml"),
                "name = \"llama\"\nworld_size = 1\ncommunicator = \"loopback\"\n[labels]\nteam = \"search\"\n");
        LiveDaemonFixture.Live up =
                site.start("up", "--pool-file", file.toString()).awaiting(LiveDaemonFixture.UP);
        assertThat(site.call("status", "llama").out()).contains("'llama' is ready: 1 rank", "labels team=search");
        Signals.send("INT", up.process().pid());
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(130);
        site.awaitNothingLeft();
    }

    /** As one that waits inside a driver. */
    @Tag("long")
    @Test
    void aWorkerThatNotEvenSigkillEndsIsNotCalledGone() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        long pid = site.pid(1);
        try (FrozenProcess _ = FrozenProcess.of(pid)) {
            Signals.send("TERM", up.process().pid());
            CommandResult ran = up.end();
            assertThat(ran.code()).as(ran.all()).isEqualTo(143);
            assertThat(ran.all())
                    .contains("The daemon is gone (exit 1), and not every worker was seen to end")
                    .contains("SIGKILL has not ended what this daemon had started: neuron")
                    .doesNotContain("are gone");
        }
    }

    @Test
    void onAFullDiskNoDaemonIsStartedAndNoLogIsNamed() throws IOException, InterruptedException {
        try (SmallFileSystem full = SmallFileSystem.mount(site.runtime())) {
            full.fill();
            CommandResult ran = site.tpctl("up", "-d", "--communicator", "loopback");
            assertThat(ran.code()).as(ran.all()).isEqualTo(3);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .contains("the daemon's log cannot be written", full.path().toString(), "No space left on device")
                    .contains("Make room there")
                    .doesNotContain("is above");
            assertThat(full.path()).isDirectoryNotContaining(file -> !file.endsWith("filler"));
        }
    }

    /** For the log, but not for a daemon's files and its words. */
    @Test
    void onADiskWithRoomForOneBlockTheRoomIsTold() throws IOException, InterruptedException {
        try (SmallFileSystem small = SmallFileSystem.mount(site.runtime())) {
            small.fill();
            try (FileChannel filler = FileChannel.open(small.path().resolve("filler"), StandardOpenOption.WRITE)) {
                filler.truncate(filler.size() - 4096);
            }
            CommandResult ran = site.tpctl("up", "-d", "--communicator", "loopback");
            assertThat(ran.code()).as(ran.all()).isEqualTo(3);
            assertThat(ran.err())
                    .contains("The file system of " + small.path() + " has ", "bytes left", "make room there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {">/dev/full", "| true"})
    void aPoolWhoseIdNobodyCanReadDoesNotStay(String stdout) throws IOException, InterruptedException {
        CommandResult ran = site.shell("set -o pipefail; \"$0\" up -d --communicator loopback " + stdout);
        assertThat(ran.code()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err()).contains("the pool's id could not be written to stdout", "The pool is ended again");
        site.awaitNothingLeft();
    }

    @Test
    void aShutdownFromElsewhereEndsItWell() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        CommandResult shutdown = site.call("shutdown", "--all");
        assertThat(shutdown.code()).as(shutdown.all()).isZero();
        assertThat(up.end().code()).isZero();
        site.awaitNothingLeft();
    }

    @Test
    void aFailedPoolEndsItWithTheCause() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        long pid = site.pid(0);
        Signals.send("KILL", pid);
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(1);
        assertThat(ran.err()).contains("has failed", "rank 0 (pid " + pid + ")", "exit 137 (SIGKILL)");
        site.awaitNothingLeft();
        assertThat(ran.err().lines().filter(line -> line.contains("lost rank 0")))
                .as("told once")
                .hasSize(1);
    }

    @Tag("long")
    @Test
    void whatHappenedCanStillBeLookedAt() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        site.call("init");
        long pid = site.pid(0);
        Signals.send("KILL", pid);
        CommandResult ran = up.end();
        site.awaitNothingLeft();
        Matcher said = Pattern.compile("What happened stays: tpctl (describe (\\S+)), tpctl (logs --previous \\S+)")
                .matcher(ran.err());
        assertThat(said.find()).as(ran.all()).isTrue();
        CommandResult described = site.tpctl(said.group(1).split(" "));
        assertThat(described.code()).as(described.all()).isEqualTo(1);
        assertThat(described.out())
                .contains(
                        "pool " + said.group(2) + " has failed",
                        "lost rank 0 (pid " + pid + ")",
                        "Last lines of rank 1",
                        "rank 0 (pid " + pid + ") ended");
        CommandResult logs = site.tpctl(said.group(3).split(" "));
        assertThat(logs.code()).as(logs.all()).isZero();
        assertThat(logs.out()).contains("rank 0", "rank 1");
    }

    @Test
    void aKilledDaemonEndsItWithWords() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        List<Long> daemons = site.daemons();
        Signals.send("KILL", daemons.getFirst());
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(3);
        assertThat(ran.err())
                .contains("tpctl up: the daemon at", "ended while it was asked; its end: exit 137 (SIGKILL")
                .contains("What it has said is above.", "tpctl ls --all")
                .doesNotContain("says why");
    }

    @Test
    void settingsThatTheDaemonRefusesAreUsage() throws IOException, InterruptedException {
        Path config = Files.writeString(site.folder().resolve("neuron.toml"), "nonsense = 1\n");
        CommandResult ran = site.tpctl("up", "-d", "--config", config.toString());
        assertThat(ran.code()).as(ran.all()).isEqualTo(2);
        assertThat(ran.err()).contains("nonsense", "--print-config");
        site.awaitNothingLeft();
    }

    @Test
    void aSizeThatTheDaemonRefusesIsUsageAndLeavesNothing() throws IOException, InterruptedException {
        CommandResult ran = site.tpctl("up", "-d", "--size", "65");
        assertThat(ran.code()).as(ran.all()).isEqualTo(2);
        assertThat(ran.err()).contains("world_size is 65");
        site.awaitNothingLeft();
    }
}
