package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.HungFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon on a host of which one file system answers nothing. */
@Tag("long")
class HungHostIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    private HungFileSystem hung;
    private Path script;

    @BeforeEach
    void aProgramWhoseInterpreterIsThere() throws IOException {
        hung = HungFileSystem.mount(site.folder().resolve("hung"));
        script = site.folder().resolve("worker");
        Files.writeString(script, "#!" + hung.path().resolve("python3") + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void itIsUnmounted() throws IOException {
        hung.close();
    }

    private LiveDaemonFixture.Live daemon() throws IOException {
        return site.with("NEURON_POOLS__COMMANDS", "[[\"" + script + "\"]]")
                .neuron("--port", "0")
                .awaiting("status=listening");
    }

    /** It is in a session of its own, and never becomes its program. */
    @Test
    void aWorkerThatHangsInItsStartFailsItsPoolAndIsEnded() throws IOException, InterruptedException {
        LiveDaemonFixture.Live daemon = daemon();
        CommandResult created = site.call("create", "-n", "2", "--name", "stuck", "--wait", "--", script.toString());
        assertThat(created.code()).as(created.all()).isEqualTo(1);
        assertThat(created.err()).contains("rank 0", "it did not answer within");
        daemon.process().destroy();
        daemon.end();
        await().until(() -> site.processes().isEmpty());
    }

    @Test
    void aLibraryThatCannotBeLookedAtIsNamed() throws IOException, InterruptedException {
        CommandResult up = site.startWith(
                        "NEURON_NCCL_LIBRARY",
                        hung.path().resolve("libnccl.so.2").toString(),
                        "up",
                        "-d",
                        "--skip-doctor",
                        "-n",
                        "1")
                .end();
        assertThat(up.code()).as(up.all()).isEqualTo(3);
        assertThat(up.err()).contains("its libraries cannot be looked at: there was no answer within 10.00 s");
        site.awaitNothingLeft();
    }
}
