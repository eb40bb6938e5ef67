package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.ops.CommandResult;
import dev.neurontp.ops.Examples;
import dev.neurontp.ops.FakeDaemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveDaemonsTest {
    @TempDir
    private Path parent;

    private Path folder;
    private LiveDaemons live;
    private final ProcessIdentity self =
            ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectory(
                parent.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        live = new LiveDaemons(RuntimeFolders.only(RuntimeFolder.at(folder)));
    }

    @Test
    void aDaemonWhoseProcessRunsIsFound() throws IOException {
        write(1, self.pid(), self.startTicks(), self.bootId());
        assertThat(live.all()).extracting(DaemonFile::url).containsExactly("http://127.0.0.1:1");
        assertThat(live.of(self.pid())).isPresent();
    }

    @Test
    void aPidThatSomebodyElseHasNowIsNoDaemon() throws IOException {
        write(1, self.pid(), self.startTicks() + 1, self.bootId());
        assertThat(live.all()).isEmpty();
    }

    @Test
    void aFileFromBeforeTheBootIsStale() throws IOException {
        write(1, self.pid(), self.startTicks(), "00000000-0000-0000-0000-000000000000");
        assertThat(live.all()).isEmpty();
    }

    @Test
    void aFormatToComeAndHalfAFileAreLeftAlone() throws IOException {
        write(2, self.pid(), self.startTicks(), self.bootId());
        Files.writeString(folder.resolve("daemon-7.json"), "{\"format\":1,\"pid\":");
        assertThat(live.all()).isEmpty();
        assertThat(folder.resolve("daemon-7.json")).exists();
    }

    /** As a HOME of root's that was kept: the daemon that {@code tpctl up} has started has another folder, and no file in it yet. */
    @Test
    void aFolderThatIsNotSafeDoesNotKeepADaemonFromBeingAwaited() throws IOException {
        Path home = Files.createDirectories(parent.resolve("home/.local/state"));
        Path good = Files.createDirectories(home.resolve("neurontp"));
        Files.setPosixFilePermissions(good, PosixFilePermissions.fromString("rwx------"));
        Path unsafe = Files.createDirectories(parent.resolve("session/neurontp"));
        Files.setPosixFilePermissions(unsafe, PosixFilePermissions.fromString("rwxrwxrwx"));
        LiveDaemons two = new LiveDaemons(RuntimeFolders.of(Map.of(
                "HOME",
                parent.resolve("home").toString(),
                "XDG_RUNTIME_DIR",
                parent.resolve("session").toString())));
        assertThat(two.of(self.pid())).isEmpty();
        write(1, self.pid(), self.startTicks(), self.bootId());
        Files.move(folder.resolve("daemon-" + self.pid() + ".json"), good.resolve("daemon-" + self.pid() + ".json"));
        assertThat(two.of(self.pid())).isPresent();
    }

    @Test
    void aFolderThatOthersCanEnterIsRefused() throws IOException {
        write(1, self.pid(), self.startTicks(), self.bootId());
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(live::all).isInstanceOfSatisfying(CommandException.class, e -> {
            assertThat(e.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(e).hasMessageContaining("is not private").hasMessageContaining("rwxr-x---");
            assertThat(e.next()).contains("chmod 700 " + folder);
        });
    }

    /** As the message of such a folder says. */
    @Test
    void whoNamesAddressAndTokenNeedsNoFolder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        Path token = Files.writeString(parent.resolve("token"), "secret\n");
        Optional<String> host = Optional.of("http://127.0.0.1:1");
        assertThat(new Daemons(live, Optional.of(token), Optional.empty()).find(host))
                .singleElement()
                .satisfies(daemon -> assertThat(daemon.url()).hasToString("http://127.0.0.1:1"));
        assertThatThrownBy(() -> new Daemons(live).find(host)).hasMessageContaining("is not private");
    }

    @Test
    void withoutAFolderThereIsNoDaemon() {
        assertThat(new LiveDaemons(RuntimeFolders.only(RuntimeFolder.at(parent.resolve("none")))).all())
                .isEmpty();
    }

    @Test
    void aBadFileIsNamedAndHidesNobody() throws Exception {
        write(1, self.pid(), self.startTicks(), self.bootId());
        new ProcessBuilder("mkfifo", folder.resolve("daemon-7.json").toString())
                .start()
                .waitFor();
        Files.writeString(folder.resolve("daemon-8.json"), "{");
        LiveDaemons.Found found = live.look();
        assertThat(found.live()).hasSize(1);
        assertThat(found.notes())
                .hasSize(2)
                .anyMatch(note -> note.contains("daemon-7.json is left out: it is a FIFO"))
                .anyMatch(note -> note.contains("daemon-8.json is left out"));
    }

    @Test
    void aDaemonOfAnotherHostIsNamedWithItsFileAndItsAge() throws IOException {
        write(1, 7, 7, "00000000-0000-0000-0000-000000000000");
        assertThat(live.look().notes())
                .singleElement()
                .satisfies(note -> assertThat(note)
                        .contains(
                                "A daemon on another host",
                                "daemon-7.json",
                                "pid 7",
                                "last written",
                                "run tpctl there"));
    }

    @Test
    void aDaemonIsFoundInEveryFolderOfItsUserAndOnce() throws IOException {
        Path other = Files.createDirectory(
                parent.resolve("state"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path home = Files.createDirectory(parent.resolve("home"));
        Files.createDirectories(home.resolve(".local/state"));
        Files.move(other, home.resolve(".local/state/neurontp"));
        folder = home.resolve(".local/state/neurontp");
        write(1, self.pid(), self.startTicks(), self.bootId());
        Path session = Files.createDirectory(parent.resolve("session"));
        LiveDaemons places = new LiveDaemons(
                RuntimeFolders.of(Map.of("HOME", home.toString(), "XDG_RUNTIME_DIR", session.toString())));
        assertThat(places.places()).contains(home.toString(), session.toString());
        assertThat(places.of(self.pid())).isPresent();
        Path copy = Files.createDirectory(
                session.resolve("neurontp"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.copy(folder.resolve("daemon-" + self.pid() + ".json"), copy.resolve("daemon-1.json"));
        assertThat(places.all().stream().filter(daemon -> daemon.pid() == self.pid()))
                .hasSize(1);
    }

    /** The file of {@code daemon}, whose process is this one. */
    private Path write(FakeDaemon daemon) throws IOException {
        write(1, self.pid(), self.startTicks(), self.bootId());
        Path file = folder.resolve("daemon-" + self.pid() + ".json");
        return Files.writeString(
                file,
                Files.readString(file)
                        .replace("http://127.0.0.1:1", daemon.url())
                        .replace("\"/t\"", "\"" + daemon.tokenFile() + "\""));
    }

    @Test
    void lsShowsPoolsBesideBadFilesAndNamesThem() throws IOException {
        FakeDaemon daemon = FakeDaemon.withOnePool("abcd2345");
        try {
            Path file = write(daemon);
            Files.writeString(
                    folder.resolve("daemon-8.json"), Files.readString(file).replace(daemon.url(), "::"));
            CommandResult ran = CommandResult.tpctl(RuntimeFolder.at(folder), "ls");
            assertThat(ran.code()).as(ran.all()).isZero();
            assertThat(ran.out()).contains("abcd2345");
            assertThat(ran.err()).contains("daemon-8.json is left out: its url is no address");
        } finally {
            daemon.close();
            Files.delete(daemon.tokenFile());
        }
    }

    @Test
    void aDaemonWhoseTokenCannotBeReadHidesNoOther() throws IOException {
        FakeDaemon daemon = FakeDaemon.withOnePool("abcd2345");
        Process other = new ProcessBuilder("sleep", "1000").start();
        try {
            write(daemon);
            ProcessIdentity silent = ProcessIdentity.of(other.pid()).orElseThrow();
            write(1, silent.pid(), silent.startTicks(), silent.bootId());
            CommandResult ran = CommandResult.tpctl(RuntimeFolder.at(folder), "ls");
            assertThat(ran.out()).contains("abcd2345");
            assertThat(ran.err())
                    .contains("the daemon at http://127.0.0.1:1 (pid " + silent.pid()
                            + ") cannot be asked: the token file /t cannot be read");
            for (String command : List.of("ls", "top")) {
                ran = CommandResult.tpctl(RuntimeFolder.at(folder), command, "-o", "json");
                assertThat(ran.code()).as("not all was shown").isEqualTo(ExitCode.COULD_NOT_RUN);
                assertThat(ran.err()).contains("\"exit_code\":" + ran.code() + "}");
            }
        } finally {
            other.destroyForcibly();
            daemon.close();
            Files.delete(daemon.tokenFile());
        }
    }

    /** As that of a later version beside this one, or one whose file a full disk has cut. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls",
                "ls --all",
                "top",
                "devices",
                "reload",
                "status llama",
                "describe llama",
                "ping llama",
                "shutdown --all -y",
                "kill --all -y",
                "delete --all -y",
                "delete -y llama",
                "create --name llama --communicator loopback"
            })
    void aDaemonWhoseFileTellsNoWayToItIsOneThatDoesNotAnswer(String command) throws IOException {
        FakeDaemon daemon = FakeDaemon.withOnePool("abcd2345")
                .on("POST /reload", 200, "{\"changed\":[],\"need_restart\":[]}")
                .on("POST /pools/abcd2345/shutdown", 200, Examples.bye("abcd2345", true))
                .on("DELETE /pools/abcd2345", 200, Examples.bye("abcd2345", true));
        Process other = new ProcessBuilder("bash", "-c", "exec -a 'neuron: daemon' sleep 1000").start();
        try {
            write(daemon);
            await().until(() -> Files.readString(Path.of("/proc/" + other.pid() + "/cmdline"))
                    .startsWith("neuron"));
            ProcessIdentity later = ProcessIdentity.of(other.pid()).orElseThrow();
            write(2, later.pid(), later.startTicks(), later.bootId());
            CommandResult ran = CommandResult.tpctl(RuntimeFolder.at(folder), command.split(" "));
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(ran.err())
                    .containsOnlyOnce("the daemon with pid " + other.pid() + " cannot be asked: ")
                    .containsOnlyOnce("is left out")
                    .contains("remove the file");
        } finally {
            other.destroyForcibly();
            daemon.close();
            Files.delete(daemon.tokenFile());
        }
    }

    @Test
    void whereNoDaemonLivesTheBadFilesAreNamed() throws IOException {
        Files.createSymbolicLink(folder.resolve("daemon-7.json"), Path.of("/dev/zero"));
        CommandResult ran = CommandResult.tpctl(RuntimeFolder.at(folder), "ls");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains(
                        "no neuron daemon",
                        "was found on this host, but not all could be looked at",
                        "daemon-7.json is left out: it is a symbolic link");
    }

    private void write(int format, long pid, long startTicks, String bootId) throws IOException {
        Files.writeString(folder.resolve("daemon-" + pid + ".json"), """
                {"format":%d,"pid":%d,"start_ticks":%d,"boot_id":"%s","url":"http://127.0.0.1:1","token_file":"/t",
                 "version":"0.1.0","started":"2026-03-01T09:30:00.123Z","a_field_to_come":1}""".formatted(format, pid, startTicks, bootId));
    }
}
