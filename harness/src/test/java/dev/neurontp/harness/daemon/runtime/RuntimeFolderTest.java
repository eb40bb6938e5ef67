package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder that daemons are found in, the token, and what a crash leaves. */
class RuntimeFolderTest {
    @TempDir
    Path folder;

    private RuntimeFolder open() throws IOException {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        return runtime;
    }

    private static DaemonFile self() {
        return DaemonFile.ofThisProcess("http://127.0.0.1:1", Path.of("/t"), "1", Instant.now());
    }

    @Test
    void theFolderFollowsTheEnvironment() {
        Path home = Path.of("/home/a");
        Map<String, String> all = Map.of("NEURON_RUNTIME_DIR", "/x", "XDG_RUNTIME_DIR", "/run/user/7");
        Map<String, String> xdg = Map.of("XDG_RUNTIME_DIR", "/run/user/7");
        assertThat(first(all, 0, home)).isEqualTo("/x");
        assertThat(first(xdg, 0, home)).isEqualTo("/run/neurontp");
        assertThat(first(xdg, 1000, home)).isEqualTo("/run/user/7/neurontp");
        assertThat(first(Map.of("XDG_RUNTIME_DIR", ""), 1000, home)).isEqualTo("/home/a/.local/state/neurontp");
    }

    private static String first(Map<String, String> environment, int uid, Path home) {
        return RuntimeFolders.of(environment, uid, Optional.of(home), Path.of("/"))
                .own()
                .getFirst()
                .path()
                .toString();
    }

    @Test
    void folderAndFilesAreForTheirOwnerAlone() throws Exception {
        RuntimeFolder runtime = open();
        Token.readOrCreate(runtime.tokenFile());
        self().write(runtime);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runtime.path())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(runtime.path())) {
            assertThat(files)
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aFolderThatOthersMayEnterIsRefused() throws Exception {
        RuntimeFolder runtime = open();
        Files.setPosixFilePermissions(runtime.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(runtime::open).hasMessageContaining("chmod 700");
        RuntimeFolder link = RuntimeFolder.at(folder.resolve("link"));
        Files.createSymbolicLink(link.path(), Files.createDirectory(folder.resolve("target")));
        assertThatThrownBy(link::open).hasMessageContainingAll("is a link to", "target", "name the folder itself");
    }

    @Test
    void aTokenIsMadeOnceAndKept() throws Exception {
        Path file = open().tokenFile();
        Token token = Token.readOrCreate(file);
        String text = Files.readString(file).strip();
        assertThat(text).matches("[0-9a-f]{64}");
        assertThat(Token.readOrCreate(file).matches(text)).isTrue();
        assertThat(token.matches(text + "0")).isFalse();
        assertThat(token.matches(text.substring(1))).isFalse();
        assertThat(token).hasToString("(token)");
    }

    @Test
    void aTokenFileOfOthersOrWithAnotherContentIsRefusedWithoutQuotingIt() throws Exception {
        Path file = open().tokenFile();
        Files.writeString(file, "secret but short");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> Token.readOrCreate(file))
                .hasMessageContaining("does not hold a token")
                .hasMessageNotContaining("secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> Token.readOrCreate(file)).hasMessageContaining("chmod 600");
    }

    @Test
    void readersSeeLiveDaemonsAndNoOthers() throws Exception {
        RuntimeFolder runtime = open();
        DaemonFile self = self();
        self.write(runtime);
        write(runtime, "daemon-1.json", Json.text(self).replace("\"start_ticks\":", "\"start_ticks\":9"));
        write(runtime, "daemon-2.json", Json.text(self).replace(self.bootId(), "another-boot"));
        write(runtime, "daemon-3.json", Json.text(self).replace("\"format\":1", "\"format\":2"));
        write(runtime, "daemon-4.json", "{");
        write(runtime, "daemon-5.json", "{}");
        write(runtime, "daemon-6.json", "null");
        assertThat(runtime.liveDaemons()).containsExactly(self);
    }

    @Test
    void workersThatACrashLeftAreEndedOnlyWhenTheyAreProven() throws Exception {
        RuntimeFolder runtime = open();
        String mark = ProcessIdentity.thisBoot() + "-1-1-";
        Process own = marked(mark + 1, "sleep", "1000");
        Process stubborn = marked(mark + 2, "sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done");
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            assertThat(stubborn.inputReader().readLine()).isEqualTo("up");
            ProcessIdentity strange = identity(stranger);
            ProcessIdentity otherStart = new ProcessIdentity(strange.pid(), strange.startTicks() + 1, strange.bootId());
            DaemonFile dead =
                    new DaemonFile(1, 1, 1, strange.bootId(), "http://x", "/t", "1", Instant.now(), List.of(), null);
            dead.write(runtime);
            new WorkerLedger(runtime, dead).add("abc", RankProcesses.of(identity(own), identity(stubborn), otherStart));

            List<String> report = new RecordingHeir().clean(runtime);

            assertThat(report)
                    .anyMatch(line -> line.contains("pid " + own.pid()) && line.contains("SIGTERM"))
                    .anyMatch(line -> line.contains("pid " + stubborn.pid()) && line.contains("SIGKILL"))
                    .noneMatch(line -> line.contains("pid " + stranger.pid()));
            assertThat(own.waitFor(1, TimeUnit.SECONDS)).isTrue();
            assertThat(stubborn.waitFor(1, TimeUnit.SECONDS)).isTrue();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(runtime.path()).isEmptyDirectory();
            assertThat(new RecordingHeir().clean(runtime)).isEmpty();
        } finally {
            List.of(own, stubborn, stranger).forEach(Process::destroyForcibly);
        }
    }

    /** Whatever another program has written into the list. */
    @Test
    void aProcessThatTheDaemonHasNotStartedIsNeverSignalled() throws Exception {
        RuntimeFolder runtime = open();
        Process innocent = new ProcessBuilder("sleep", "1000").start();
        Process ofAnother = marked(ProcessIdentity.thisBoot() + "-11-1-7");
        try {
            DaemonFile dead = new DaemonFile(
                    1, 1, 1, ProcessIdentity.thisBoot(), "http://x", "/t", "1", Instant.now(), List.of(), null);
            new WorkerLedger(runtime, dead).add("abc", RankProcesses.of(identity(innocent), identity(ofAnother)));

            assertThat(new RecordingHeir().clean(runtime))
                    .anyMatch(line -> line.contains("pid " + innocent.pid()) && line.contains("is left alone"))
                    .anyMatch(line -> line.contains("pid " + ofAnother.pid()) && line.contains("is left alone"));
            assertThat(innocent.isAlive()).isTrue();
            assertThat(ofAnother.isAlive()).isTrue();
            assertThat(runtime.path()).isEmptyDirectory();
        } finally {
            List.of(innocent, ofAnother).forEach(Process::destroyForcibly);
        }
    }

    @Test
    void whatAWorkerHasStartedIsFoundByTheMarkOfItsDaemon() throws Exception {
        RuntimeFolder runtime = open();
        String boot = ProcessIdentity.thisBoot();
        Process left = marked(boot + "-1-1-7");
        Process stranger = marked(boot + "-11-1-7");
        try {
            DaemonFile dead = new DaemonFile(1, 1, 1, boot, "http://x", "/t", "1", Instant.now(), List.of(), null);
            dead.write(runtime);
            new WorkerLedger(runtime, dead).add("abc", List.of());

            assertThat(new RecordingHeir().clean(runtime))
                    .anyMatch(line -> line.contains(
                            "sleep (pid " + left.pid() + "), which its workers started, was ended with SIGTERM"))
                    .noneMatch(line -> line.contains("pid " + stranger.pid()));
            assertThat(left.waitFor(1, TimeUnit.SECONDS)).isTrue();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            List.of(left, stranger).forEach(Process::destroyForcibly);
        }
    }

    private static Process marked(String mark) throws IOException {
        return marked(mark, "sleep", "1000");
    }

    private static Process marked(String mark, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("NEURONTP_PROCESS_MARK", mark);
        return builder.start();
    }

    @Test
    void theFilesOfALiveDaemonAreLeftAlone() throws Exception {
        RuntimeFolder runtime = open();
        Process worker = new ProcessBuilder("sleep", "1000").start();
        try {
            DaemonFile self = self();
            self.write(runtime);
            new WorkerLedger(runtime, self).add("abc", RankProcesses.of(identity(worker)));
            assertThat(new RecordingHeir().clean(runtime)).isEmpty();
            assertThat(worker.isAlive()).isTrue();
            assertThat(runtime.liveDaemons()).hasSize(1);
        } finally {
            worker.destroyForcibly();
        }
    }

    private static ProcessIdentity identity(Process process) {
        return ProcessIdentity.of(process.pid()).orElseThrow();
    }

    private static void write(RuntimeFolder runtime, String name, String text) throws IOException {
        Files.writeString(runtime.path().resolve(name), text);
    }
}
