package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.daemon.runtime.FolderContents;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.SmallFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged daemon of a user without a home, after a logout, on a full disk, and next to a daemon of another host.
 */
@Tag("long")
class DaemonFoldersIT {
    /** A uid that no passwd entry has, as OpenShift gives to containers. */
    private static final String NOBODY = "1234567";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private static ProgramProcess asNobody(String... environment) throws IOException, InterruptedException {
        List<String> user = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        List<String> probe = new ArrayList<>(user);
        probe.addAll(List.of(
                "test", "-r", Programs.root().resolve("harness/target/app/lib").toString()));
        assumeTrue(
                succeeds(probe),
                "SKIPPED: only root can become another user, and that user must be able to read the build");
        List<String> command = new ArrayList<>(user);
        command.addAll(List.of("env", "-u", "HOME", "-u", "XDG_RUNTIME_DIR", "-u", "NEURON_RUNTIME_DIR"));
        command.addAll(List.of(environment));
        command.addAll(List.of(Programs.neuron(), "--port", "0"));
        return ProgramProcess.command(Map.of(), command);
    }

    private static boolean succeeds(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    /** A folder that everybody may write in: the other user's, for this test. */
    private Path open(String name) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path made = Files.createDirectory(folder.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static List<String> names(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aUserWithoutAHomeIsToldWhatToSet() throws Exception {
        try (ProgramProcess neuron = asNobody()) {
            assertThat(neuron.exitCode()).isEqualTo(3);
            assertThat(neuron.stderr())
                    .contains("the daemon cannot start", NOBODY, "no entry in passwd", "NEURON_RUNTIME_DIR")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void homeCountsWhereThereIsNoPasswdEntry() throws Exception {
        Path home = open("home");
        try (ProgramProcess neuron = asNobody("HOME=" + home)) {
            assertThat(neuron.awaitLine("token_file="))
                    .isEqualTo("token_file=" + home.resolve(".local/state/neurontp/token"));
            neuron.awaitLine("status=listening");
            neuron.signal("TERM");
            assertThat(neuron.exitCode()).isZero();
        }
    }

    @Test
    void aDaemonThatOutlivesItsLoginSessionIsFoundInTheHome() throws Exception {
        Path session = open("session");
        Path home = open("home");
        Path lasting = home.resolve(".local/state/neurontp");
        try (ProgramProcess neuron = asNobody("HOME=" + home, "XDG_RUNTIME_DIR=" + session)) {
            neuron.awaitLine("status=listening");
            String token = Files.readString(session.resolve("neurontp/token"));
            assertThat(lasting).doesNotExist();
            // As logind does at logout: all of it goes, and the user cannot create it again.
            assertThat(succeeds(List.of("rm", "-r", session.toString()))).isTrue();
            Files.createFile(session);
            await().atMost(LIMIT).until(() -> names(lasting).contains("daemon-" + neuron.pid() + ".json"));
            assertThat(Files.readString(lasting.resolve("token"))).isEqualTo(token);
            neuron.signal("TERM");
            assertThat(neuron.exitCode()).isZero();
            assertThat(names(lasting)).containsExactly("token");
        }
    }

    @Test
    void onAFullDiskItSaysWhichFolderHasNoRoomAndLeavesNothing() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("run"))) {
            full.fill();
            try (DaemonProcess neuron = DaemonProcess.run(folder, Map.of(), "--port", "0")) {
                assertThat(neuron.program.exitCode()).isEqualTo(3);
                assertThat(neuron.program.stderr()).contains(full.path() + "/token cannot be written: No space left");
            }
            assertThat(names(full.path())).containsExactly("filler");
        }
    }

    /** As of a container with a read-only root: only the runtime folder takes files. */
    @Test
    void onAReadOnlyRootAPoolLives() throws Exception {
        List<String> readOnly = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -o bind,remount,ro / && ! touch /tmp/x 2>/dev/null && exec \"$@\"",
                "sh");
        List<String> probe = new ArrayList<>(readOnly);
        probe.add("true");
        assumeTrue(succeeds(probe), "SKIPPED: only root can make this host's root read-only for one process");
        try (SmallFileSystem writable = SmallFileSystem.mount(folder.resolve("run"));
                DaemonProcess neuron = DaemonProcess.listeningBehind(readOnly, folder, Map.of())) {
            assertThat(neuron.pool(List.of())).hasSize(2);
            String init = "/pools/" + neuron.poolId() + "/init?wait=30s";
            assertThat(neuron.send("POST", init, "").status()).isEqualTo(200);
            neuron.terminate();
            assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
            assertThat(names(writable.path())).containsExactly("token");
        }
    }

    @Test
    void aDaemonOfAnotherHostInTheSameFolderIsLeftAlone() throws Exception {
        Path boot = Files.writeString(folder.resolve("boot"), "11111111-2222-3333-4444-555555555555\n");
        List<String> otherHost = List.of(
                "unshare",
                "--mount",
                "--uts",
                "sh",
                "-c",
                "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && hostname node-2 && exec \"$@\"",
                boot.toString());
        List<String> probe = new ArrayList<>(otherHost);
        probe.add("true");
        assumeTrue(succeeds(probe), "SKIPPED: only root can make this host look like another one");
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        try (DaemonProcess here = DaemonProcess.listening(folder, Map.of());
                DaemonProcess there = DaemonProcess.listeningBehind(otherHost, folder, Map.of())) {
            assertThat(there.program.stderr()).doesNotContain("found:");
            assertThat(runtime.liveDaemons())
                    .singleElement()
                    .satisfies(daemon -> assertThat(daemon.url()).isEqualTo(here.url()));
            assertThat(runtime.contents().elsewhere())
                    .singleElement()
                    .extracting(FolderContents.Elsewhere::where)
                    .isEqualTo("the host node-2");
            there.program.signal("KILL");
            there.program.exitCode();
            try (DaemonProcess next = DaemonProcess.listening(folder, Map.of())) {
                assertThat(next.program.stderr()).doesNotContain("found:");
                assertThat(runtime.contents().elsewhere()).hasSize(1);
            }
        }
    }
}
