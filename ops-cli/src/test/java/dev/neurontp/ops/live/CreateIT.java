package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pools that are created in a daemon that runs, from the command line. */
class CreateIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    private LiveDaemonFixture.Live daemon(String... more) throws IOException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--port";
        arguments[1] = "0";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return site.neuron(arguments).awaiting("status=listening");
    }

    @Test
    void aPoolLivesFromCreateToDelete() throws IOException, InterruptedException {
        LiveDaemonFixture.Live daemon = daemon();
        CommandResult created = site.call(
                "create", "--communicator", "loopback", "-n", "1", "--name", "llama", "-l", "team=search", "--wait");
        assertThat(created).isEqualTo(new CommandResult(0, "pool/llama created\n", ""));
        assertThat(site.call("ls").out()).contains("llama", "ready");
        assertThat(site.call("init", "llama").out()).contains("1 rank joined");
        assertThat(site.call("sanity", "llama").out()).contains("every rank adds up to 1");
        assertThat(site.call("status", "llama").out()).contains("'llama' is joined: 1 rank", "labels team=search");
        CommandResult taken = site.call("create", "--communicator", "loopback", "--name", "llama");
        assertThat(taken.code()).as(taken.all()).isEqualTo(3);
        assertThat(taken.err()).contains("the name 'llama' is taken by the live pool");
        CommandResult deleted = site.call("delete", "llama");
        assertThat(deleted.code()).as(deleted.all()).isZero();
        assertThat(deleted.out()).contains("'llama' is deleted", "bye, exit 0");
        assertThat(site.call("ls", "--all", "-q").out()).isEmpty();
        daemon.process().destroy();
        assertThat(daemon.end().code()).isZero();
        site.awaitNothingLeft();
    }

    /** What its daemon has written down goes a moment later. */
    @Test
    void aDeletedPoolIsInNoListAtOnce() throws IOException, InterruptedException {
        daemon();
        for (int i = 0; i < 6; i++) {
            assertThat(site.call("create", "--communicator", "loopback", "-n", "1", "--name", "llama", "--wait")
                            .code())
                    .isZero();
            assertThat(site.call("shutdown", "llama").code()).isZero();
            assertThat(site.call("delete", "llama").code()).isZero();
            assertThat(site.call("ls", "--all", "-q").out()).isEmpty();
        }
    }

    @Test
    void applyingAFileTwiceDoesItOnce() throws IOException, InterruptedException {
        LiveDaemonFixture.Live daemon = daemon();
        Path file = Files.writeString(
                site.folder().resolve("pool.toml"), "name = \"llama\"\nworld_size = 2\ncommunicator = \"loopback\"\n");
        assertThat(site.call("apply", "-f", file.toString(), "--dry-run").out())
                .isEqualTo("pool/llama created (dry run)\n");
        assertThat(site.call("ls", "-q").out()).isEmpty();
        assertThat(site.call("apply", "-f", file.toString(), "--wait"))
                .isEqualTo(new CommandResult(0, "pool/llama created\n", ""));
        String first = site.call("ls", "-q").out();
        assertThat(site.call("apply", "-f", file.toString()).out()).isEqualTo("pool/llama unchanged\n");
        assertThat(site.call("ls", "-q").out()).isEqualTo(first);
        Files.writeString(file, "name = \"llama\"\nworld_size = 1\ncommunicator = \"loopback\"\n");
        assertThat(site.call("apply", "-f", file.toString(), "--wait").out()).isEqualTo("pool/llama replaced\n");
        assertThat(site.call("status", "llama").out()).contains("'llama' is ready: 1 rank");
        assertThat(site.call("ls").out()).doesNotContain(first.strip());
        CommandResult twice = site.call("apply", "-f", file.toString(), "-f", file.toString());
        assertThat(twice.code()).as(twice.all()).isEqualTo(2);
        Path other = Files.writeString(
                site.folder().resolve("other.toml"), "name = \"other\"\nworld_size = 2\ncommunicator = \"loopback\"\n");
        Path wrong = Files.writeString(
                site.folder().resolve("wrong.toml"), "name = \"wrong\"\nworld_size = 2\ncommand = [\"nosuch\"]\n");
        CommandResult refused = site.call("apply", "-f", other.toString(), "-f", wrong.toString());
        assertThat(refused.code()).as(refused.all()).isNotZero();
        assertThat(refused.err()).contains(wrong + ": ", "nosuch");
        assertThat(site.call("ls").out()).as("nothing is done").doesNotContain("other");
        assertThat(site.call("delete", "--all").code()).isZero();
        daemon.process().destroy();
        daemon.end();
        site.awaitNothingLeft();
    }

    @Tag("long")
    @Test
    void noPoolIsPutIntoADaemonThatEndsWithAnother() throws IOException, InterruptedException {
        String id = site.up();
        CommandResult restart = site.call("restart", id);
        assertThat(restart.code()).as(restart.all()).isEqualTo(3);
        assertThat(restart.err()).contains("one of tpctl up, whose daemon ends with it");
        CommandResult refused = site.call("create", "--communicator", "loopback");
        assertThat(refused.code()).as(refused.all()).isEqualTo(3);
        assertThat(refused.err()).contains("each was started by tpctl up for one pool", "neuron");
        LiveDaemonFixture.Live daemon = daemon();
        String created = site.call("create", "--communicator", "loopback", "-q").out();
        assertThat(created).matches("[a-z2-7]{8}\n").isNotEqualTo(id + "\n");
        assertThat(site.call("delete", "--all").code()).isZero();
        daemon.process().destroy();
        daemon.end();
        site.awaitNothingLeft();
    }

    @Test
    void aPoolThatFailsIsRestartedWhereThatWasAskedFor() throws IOException, InterruptedException {
        LiveDaemonFixture.Live daemon = daemon();
        assertThat(site.call(
                                "create",
                                "--communicator",
                                "loopback",
                                "--name",
                                "llama",
                                "--restart",
                                "on-failure",
                                "--wait")
                        .code())
                .isZero();
        String first = site.call("ls", "-q").out().strip();
        Signals.send("KILL", site.pid(1));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> site.call("status", "llama").out().contains("restarted 1 time"));
        daemon.awaiting("pool " + first + " 'llama' has failed and is restarted as ");
        assertThat(site.call("status", first).out())
                .contains("has failed", "is in its place", "restart policy on-failure");
        assertThat(site.call("events", first).out()).contains("restarted as ");
        assertThat(site.call("wait", "llama", "--for", "ready").code()).isZero();
        CommandResult restarted = site.call("restart", "llama", "--wait");
        assertThat(restarted).isEqualTo(new CommandResult(0, "pool/llama restarted\n", ""));
        assertThat(site.call("status", "llama").out()).contains("'llama' is ready", "restarted 2 times");
        assertThat(site.call("delete", "--all").code()).isZero();
        daemon.process().destroy();
        daemon.end();
        site.awaitNothingLeft();
    }

    /** Its worker says bye and goes on for longer than that. */
    @Tag("long")
    @Test
    void theEndOfThePoolBeforeIsPartOfTheTimeThatIsGiven() throws IOException, InterruptedException {
        Path script = Files.writeString(site.folder().resolve("slow"), """
                #!/bin/sh
                "%s" "$@"
                exec sleep 4
                """.formatted(Programs.neuron()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Path missing = site.folder().resolve("missing");
        LiveDaemonFixture.Live daemon = site.with(
                        "NEURON_POOLS__COMMANDS", "[[\"" + script + "\"],[\"" + missing + "\"]]")
                .neuron("--port", "0")
                .awaiting("status=listening");
        CommandResult created = site.call("create", "-n", "1", "--name", "slow", "--wait", "--", script.toString());
        assertThat(created.code()).as(created.all()).isZero();
        Path wrong = Files.writeString(
                site.folder().resolve("wrong.toml"),
                "name = \"slow\"\nworld_size = 1\ncommand = [\"" + missing + "\"]\n");
        CommandResult refused = site.call("apply", "-f", wrong.toString());
        assertThat(refused.code()).as(refused.all()).isEqualTo(2);
        assertThat(refused.err()).contains("does not exist");
        assertThat(site.call("status", "slow").out()).contains("is ready");
        CommandResult restart = site.call("restart", "slow", "--timeout", "1s");
        assertThat(restart.code()).as(restart.all()).isEqualTo(4);
        Path file = Files.writeString(
                site.folder().resolve("pool.toml"),
                "name = \"slow\"\nworld_size = 2\ncommand = [\"" + script + "\"]\n");
        await().until(() -> site.call("status", "slow").out().contains("is ready"));
        CommandResult apply = site.call("apply", "-f", file.toString(), "--timeout", "1s");
        assertThat(apply.code()).as(apply.all()).isEqualTo(4);
        daemon.process().destroy();
        daemon.end();
        site.awaitNothingLeft();
    }

    @Test
    void aPoolOverNcclIsRefusedAtOnceWhereTheLibraryIsNotThere() throws IOException, InterruptedException {
        CommandResult up = site.startWith(
                        "NEURON_NCCL_LIBRARY", "/nonexistent/libnccl.so.2", "up", "-d", "--skip-doctor", "-n", "1")
                .end();
        assertThat(up.code()).as(up.all()).isEqualTo(3);
        assertThat(up.err())
                .contains("this host cannot do NCCL", "/nonexistent/libnccl.so.2 (NEURON_NCCL_LIBRARY)", "loopback");
        assertThat(up.out()).isEmpty();
        site.awaitNothingLeft();
    }

    @Test
    void aValidationOverNcclIsRefusedAtOnceWhereTheLibraryIsNotThere() throws IOException, InterruptedException {
        CommandResult run = site.startWith(
                        "NEURON_NCCL_LIBRARY", "/nonexistent/libnccl.so.2", "validate", "--skip-doctor", "-n", "1")
                .end();
        assertThat(run.code()).as(run.all()).isEqualTo(3);
        assertThat(run.err())
                .containsOnlyOnce("this host cannot do NCCL")
                .contains("/nonexistent/libnccl.so.2 (NEURON_NCCL_LIBRARY)", "loopback");
        assertThat(run.out()).isEmpty();
        site.awaitNothingLeft();
    }

    @Test
    void upTakesAPoolOfOneACommandAndThePortOfItsSettings() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(site.folder().resolve("neuron.toml"), "[http]\nport = " + port + "\n");
        String neuron = Programs.neuron();
        CommandResult up = site.tpctl(
                "up",
                "-d",
                "-n",
                "1",
                "--name",
                "one",
                "--communicator",
                "loopback",
                "--config",
                config.toString(),
                "--",
                "/usr/bin/env",
                "X=a b",
                neuron);
        assertThat(up.code()).as(up.all()).isZero();
        assertThat(up.err()).contains("http://127.0.0.1:" + port + ",", "1 rank, loopback");
        assertThat(site.call("status", "one", "-o", "json").out())
                .contains("\"command\":[\"/usr/bin/env\",\"X=a b\",\"" + neuron + "\"]");
        assertThat(site.call("init", "one").code()).isZero();
        assertThat(site.call("shutdown", "one").code()).isZero();
        site.awaitNothingLeft();
    }
}
