package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.report.WholeFile;
import dev.neurontp.ops.console.OutputFolder;
import dev.neurontp.testing.SmallFileSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The judge's files on a full disk: here, since the judge's own module shares no test code with others. */
class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void onAFullDiskAnEarlierFileStaysWholeAndNothingNewIsLeft() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            Path known = full.path().resolve("known-failures.txt");
            WholeFile.write(known, "F4 earlier\n");
            full.fill();
            assertThatThrownBy(() -> WholeFile.write(known, "x".repeat(1 << 20)))
                    .hasMessage(known + " cannot be written: No space left on device");
            assertThat(Files.readString(known)).isEqualTo("F4 earlier\n");
            try (Stream<Path> files = Files.list(full.path())) {
                assertThat(files).hasSize(2);
            }
            full.makeRoom();
            WholeFile.write(known, "F4 later\n");
            assertThat(Files.readString(known)).isEqualTo("F4 later\n");
        }
    }

    @Test
    void aDeviceIsWrittenAsItIsAndALinkIsFollowed() throws Exception {
        assertThatThrownBy(() -> WholeFile.write(Path.of("/dev/full"), "text"))
                .hasMessageContaining("/dev/full cannot be written: No space left");
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        WholeFile.write(link, "new");
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(target)).isEqualTo("new");
    }

    /** Another user may know the name of the file that is written first, and put a link there. */
    @Test
    void nothingIsWrittenThroughALinkThatWasThereBefore() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "mine");
        Files.createSymbolicLink(folder.resolve(".report.json.new"), victim);
        WholeFile.write(folder.resolve("report.json"), "new");
        assertThat(Files.readString(victim)).isEqualTo("mine");
        assertThat(folder.resolve("report.json")).hasContent("new").isRegularFile();
        assertThat(Files.isSymbolicLink(folder.resolve("report.json"))).isFalse();
    }

    /** Another user is faster: the link comes back after it was taken away. */
    @Test
    @Timeout(60)
    void nothingIsWrittenThroughALinkThatComesMeanwhile() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "mine");
        Path next = folder.resolve(".report.json.new");
        AtomicBoolean over = new AtomicBoolean();
        Thread attacker = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    Files.createSymbolicLink(next, victim);
                } catch (IOException _) {
                    // it is still there, or the new file is
                }
            }
        });
        try {
            int refused = 0;
            for (int i = 0; i < 20_000 && refused < 20; i++) {
                try {
                    WholeFile.write(folder.resolve("report.json"), "new");
                } catch (FileAlreadyExistsException _) {
                    refused++;
                }
                assertThat(Files.readString(victim)).isEqualTo("mine");
            }
        } finally {
            over.set(true);
            attacker.join();
        }
    }

    /** Whoever may write into the folder of a report may put anything there; nobody reads the pipe. */
    @Test
    @Timeout(60)
    void aReportReplacesWhatStandsInItsPlace() throws Exception {
        Path pipe = folder.resolve("report.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        WholeFile.replace(pipe, "new");
        assertThat(pipe).isRegularFile().hasContent("new");
        Path victim = Files.writeString(folder.resolve("victim"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve("report.md"), victim);
        WholeFile.replace(link, "new");
        assertThat(victim).hasContent("mine");
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(link).hasContent("new");
    }

    /** One that a person has named, as the reader of a pipeline that was never started. */
    @Test
    @Timeout(60)
    void aPipeThatNobodyReadsHoldsUpNothing() throws Exception {
        Path pipe = folder.resolve("unread");
        Path other = folder.resolve("read");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString(), other.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> WholeFile.write(pipe, "new"))
                .hasMessageContaining(pipe + " cannot be written: it waits for more than 5 s")
                .hasMessageContaining("nobody reads");
        Process reader = new ProcessBuilder("cat", other.toString()).start();
        WholeFile.write(other, "new");
        assertThat(reader.inputReader().readAllAsString()).isEqualTo("new");
    }

    @Test
    void aFolderWithoutRoomIsRefusedBeforeTheRun() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            OutputFolder.require("--report", full.path(), full.path());
            full.fill();
            assertThatThrownBy(() -> OutputFolder.require("--report", full.path(), full.path()))
                    .hasMessageContaining("--report " + full.path() + ": nothing can be written there (No space left");
            try (Stream<Path> files = Files.list(full.path())) {
                assertThat(files).hasSize(1);
            }
        }
    }
}
