package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        live = new LiveDaemons(RuntimeFolder.at(folder));
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

    @Test
    void withoutAFolderThereIsNoDaemon() {
        assertThat(new LiveDaemons(RuntimeFolder.at(parent.resolve("none"))).all())
                .isEmpty();
    }

    private void write(int format, long pid, long startTicks, String bootId) throws IOException {
        Files.writeString(folder.resolve("daemon-" + pid + ".json"), """
                {"format":%d,"pid":%d,"start_ticks":%d,"boot_id":"%s","url":"http://127.0.0.1:1","token_file":"/t",
                 "version":"0.1.0","started":"2026-03-01T09:30:00.123Z","a_field_to_come":1}""".formatted(format, pid, startTicks, bootId));
    }
}
