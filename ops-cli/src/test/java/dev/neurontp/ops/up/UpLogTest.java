package dev.neurontp.ops.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.testing.HungFileSystem;
import dev.neurontp.testing.SmallFileSystem;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a daemon in the background: whose it is, and what of it is shown when the daemon could not start. */
@Tag("long")
class UpLogTest {
    private final StringWriter said = new StringWriter();
    private final PrintWriter writer = new PrintWriter(said, true);
    private final Screen screen = new Screen(new Terminal(writer, writer, false, false), Screen.UNBOUNDED, false);

    @TempDir
    private Path folder;

    private Path create(Path runtime) {
        return UpLog.create(RuntimeFolders.only(RuntimeFolder.at(runtime)));
    }

    private List<String> shown(String content) throws Exception {
        Path log = create(folder.resolve("run"));
        Files.writeString(log, content);
        UpLog.remove(log, screen, true);
        assertThat(log).doesNotExist();
        return said.toString().lines().toList();
    }

    @Test
    void itIsEmptyAndItsOwnersAlone() throws Exception {
        Path log = create(folder.resolve("run"));
        assertThat(log).isEmptyFile();
        assertThat(UpLog.content(log)).isEqualTo(UpLog.Content.EMPTY);
        Files.writeString(log, "x");
        assertThat(UpLog.content(log)).isEqualTo(UpLog.Content.WORDS);
        assertThat(UpLog.isLog(log)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatItSaysIsCleanedAndBounded() throws Exception {
        assertThat(shown("a\u001b[2Jb\u0007\u009bc\r\n" + "x".repeat(10_000) + "\n"))
                .containsExactly("  a?[2Jb??c", "  " + "x".repeat(ForeignText.MESSAGE) + "…");
    }

    @Test
    void theLastTwentyLinesAreShown() throws Exception {
        String lines = IntStream.range(0, 30).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
        assertThat(shown(lines)).hasSize(20).startsWith("  10").endsWith("  29");
    }

    @Test
    void ofALongOneTheEndIsRead() throws Exception {
        assertThat(shown("x".repeat(1 << 20) + "\nthe reason\n")).hasSize(2).endsWith("  the reason");
    }

    @Test
    void nothingIsShownOfADaemonThatWasToldToStop() throws Exception {
        Path log = create(folder.resolve("run"));
        Files.writeString(log, "text\n");
        UpLog.remove(log, screen, false);
        assertThat(log).doesNotExist();
        assertThat(said.toString()).isEmpty();
    }

    /** As one whose server goes away between the look for it and the file. */
    @Test
    void aFolderThatAnswersNoMoreHoldsUpNothing() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"))) {
            FutureTask<Path> creates = new FutureTask<>(() -> UpLog.createIn(hung.path()));
            DaemonThread.start("create", creates);
            assertThatThrownBy(() -> creates.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("no answer within ");
        }
    }

    @Test
    void aLogThatCannotBeReachedAnyMoreStaysAndHoldsUpNothing() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"))) {
            Path log = hung.path().resolve("up-1.log");
            FutureTask<Boolean> looks = new FutureTask<>(() -> {
                UpLog.Content content = UpLog.content(log);
                String room = UpLog.lackOfRoom(log);
                UpLog.remove(log, screen, true);
                return content == UpLog.Content.UNKNOWN && room.isEmpty();
            });
            DaemonThread.start("look", looks);
            assertThat(looks.get(60, TimeUnit.SECONDS))
                    .as("nothing is said of what was not seen")
                    .isTrue();
            assertThat(said.toString())
                    .contains("the daemon's log " + log + " cannot be shown and removed: there was no answer");
            FutureTask<Void> deletes = new FutureTask<>(() -> {
                if (UpLog.isThere(log)) {
                    UpLog.delete(log);
                }
                return null;
            });
            DaemonThread.start("delete", deletes);
            assertThatThrownBy(() -> deletes.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("no answer within ");
        }
    }

    @Test
    void whereNothingCanBeWrittenNoneIsLeft() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            full.fill();
            assertThatThrownBy(() -> create(full.path()))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("the daemon's log cannot be written: ")
                    .hasMessageContaining("No space left");
            Files.delete(full.path().resolve("filler"));
            assertThat(full.path()).isEmptyDirectory();
        }
    }
}
