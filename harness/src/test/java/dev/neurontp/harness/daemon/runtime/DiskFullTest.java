package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.testing.SmallFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write that fails leaves no file, and says which folder has no room; what a killed writer left goes at the next start. */
class DiskFullTest {
    @TempDir
    Path folder;

    private static DaemonFile self() {
        return DaemonFile.ofThisProcess("http://127.0.0.1:1", Path.of("/t"), "1", Instant.now());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void nothingIsLeftAndTheFolderIsNamed() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            RuntimeFolder runtime = RuntimeFolder.at(full.path());
            full.fill();
            String room = "cannot be written: No space left on device (its file system has 0 bytes left)";
            assertThatThrownBy(() -> self().write(runtime))
                    .hasMessageContainingAll(full.path().toString(), room);
            assertThatThrownBy(() -> Token.readOrCreate(runtime.tokenFile()))
                    .hasMessageContainingAll(runtime.tokenFile().toString(), room);
            new WorkerLedger(runtime, self()).add("a", RankProcesses.of(self().identity()));
            assertThat(names(full.path())).containsExactly("filler");
        }
    }

    /** Not one more file fits in, although there are bytes left. */
    @Test
    void whereTheInodesRanOutThatIsSaid() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            RuntimeFolder runtime = RuntimeFolder.at(full.path());
            full.takeAllInodes();
            assertThatThrownBy(() -> self().write(runtime))
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("bytes left: df -i shows whether it is out of inodes");
        }
    }

    @Test
    void whatWasThereStaysWholeAndIsReplacedOnceThereIsRoom() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            RuntimeFolder runtime = RuntimeFolder.at(full.path());
            DaemonFile before = self();
            before.write(runtime);
            full.fill();
            DaemonFile after = before.listeningAt("http://127.0.0.1:2", List.of());
            assertThatThrownBy(() -> after.write(runtime)).isInstanceOf(IOException.class);
            assertThat(runtime.liveDaemons()).containsExactly(before);
            full.makeRoom();
            after.write(runtime);
            assertThat(runtime.liveDaemons()).containsExactly(after);
            assertThat(names(full.path())).hasSize(1);
        }
    }

    @Test
    void whatAKilledWriterLeftIsSweptAndWhatIsBeingWrittenIsNot() throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        ProcessIdentity self = self().identity();
        String ours = ".new-" + HostIdentity.key() + "-" + self.pid() + "-";
        String theirs = ".new-0123456789ab-7-7-1";
        Path written = touch(runtime, ours + self.startTicks() + "-9", Instant.now());
        Path abandoned = touch(runtime, ours + (self.startTicks() + 1) + "-9", Instant.now());
        Path elsewhere = touch(runtime, theirs, Instant.now());
        Path old = touch(runtime, theirs + "2", Instant.now().minusSeconds(7200));
        Path earlier = touch(runtime, ".token.4242", Instant.now().minusSeconds(7200));
        Path foreign = touch(runtime, ".profile", Instant.now().minusSeconds(7200));
        assertThat(new RecordingHeir().clean(runtime)).isEmpty();
        assertThat(List.of(written, elsewhere, foreign))
                .allSatisfy(file -> assertThat(file).exists());
        assertThat(List.of(abandoned, old, earlier))
                .allSatisfy(file -> assertThat(file).doesNotExist());
    }

    /** A log is created before the daemon is, so that it can say why it does not start. */
    @Test
    void theEmptyLogOfAStartThatWasKilledIsSwept() throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        Instant before = Instant.now().minusSeconds(7200);
        Path left = touch(runtime, "up-4711.log", before);
        Path begun = touch(runtime, "up-4712.log", Instant.now());
        Path written = Files.writeString(touch(runtime, "up-4713.log", before), "why it ended\n");
        Files.setLastModifiedTime(written, FileTime.from(before));
        Path foreign = touch(runtime, "up-my.log", before);
        Path link = Files.createSymbolicLink(runtime.path().resolve("up-4714.log"), foreign);
        self().write(runtime);
        assertThat(new RecordingHeir().clean(runtime)).isEmpty();
        assertThat(left).as("a daemon lives and may still write to it").exists();
        self().remove(runtime, true);
        assertThat(new RecordingHeir().clean(runtime)).isEmpty();
        assertThat(left).doesNotExist();
        assertThat(List.of(begun, written, foreign, link))
                .allSatisfy(file -> assertThat(file).exists());
    }

    private static Path touch(RuntimeFolder runtime, String name, Instant when) throws IOException {
        Path file = Files.createFile(runtime.path().resolve(name));
        return Files.setLastModifiedTime(file, FileTime.from(when));
    }
}
