package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.api.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Files in the runtime folder that no daemon wrote: none of them hangs a reader, fills its memory or hides a daemon. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class BadFilesTest {
    private static final long THREE_GIB = 3L << 30;

    @TempDir
    Path folder;

    private RuntimeFolder runtime;
    private DaemonFile self;

    @BeforeEach
    void oneDaemonLives() throws IOException {
        runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        self = DaemonFile.ofThisProcess("http://127.0.0.1:1", Path.of("/t"), "1", Instant.now());
        self.write(runtime);
    }

    private Path bad(String name) {
        return runtime.path().resolve(name);
    }

    private String reasonFor(Path file) {
        FolderContents contents = runtime.contents();
        assertThat(contents.live()).containsExactly(self);
        assertThat(contents.elsewhere()).isEmpty();
        assertThat(contents.unreadable())
                .singleElement()
                .extracting(FolderContents.Unreadable::file)
                .isEqualTo(file);
        return contents.unreadable().getFirst().reason();
    }

    private void fifo(Path file) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
    }

    @Test
    void aFifoIsNotOpened() throws Exception {
        fifo(bad("daemon-7.json"));
        assertThat(reasonFor(bad("daemon-7.json"))).contains("FIFO", "not a regular file");
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Files.createSymbolicLink(bad("daemon-7.json"), Path.of("/dev/zero"));
        assertThat(reasonFor(bad("daemon-7.json"))).contains("a symbolic link, not a regular file");
    }

    @Test
    void aFolderIsNoFile() throws Exception {
        Files.createDirectory(bad("daemon-7.json"));
        assertThat(reasonFor(bad("daemon-7.json"))).contains("a folder, not a regular file");
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        try (RandomAccessFile large = new RandomAccessFile(bad("daemon-7.json").toFile(), "rw")) {
            large.setLength(THREE_GIB);
        }
        assertThat(reasonFor(bad("daemon-7.json"))).contains(THREE_GIB + " bytes", "at most 65536");
    }

    @Test
    void whatAReaderCouldNotUseIsNamedWithItsRule() throws Exception {
        Path file = bad("daemon-7.json");
        String good = Json.text(self);
        for (String url : List.of(
                "::",
                "http://",
                "//127.0.0.1:1",
                "http:127.0.0.1:1",
                "ftp://127.0.0.1",
                "http://127.0.0.1:0",
                "http://127.0.0.1:65536",
                "not a url",
                "http://a b/",
                "x".repeat(5000))) {
            Files.writeString(file, good.replace(self.url(), url));
            assertThat(reasonFor(file)).as(url).contains("its url is no address");
        }
        for (String path : List.of("relative/token", "/with\\u0000nul", "/with\\u001bescape")) {
            Files.writeString(file, good.replace("\"/t\"", "\"" + path + "\""));
            assertThat(reasonFor(file)).as(path).contains("its token_file is no absolute path");
        }
        Files.writeString(file, good.replace("\"pid\":", "\"pid\":-"));
        assertThat(reasonFor(file)).contains("name no process");
        Files.writeString(file, good.replace("\"format\":1", "\"format\":2"));
        assertThat(reasonFor(file)).contains("its format is 2");
        Files.writeString(file, good.replace(self.bootId(), "a\\nb"));
        assertThat(reasonFor(file)).contains("its boot_id is no boot id");
        for (String text : List.of("", "{", "[]", "null", "{}", "[".repeat(60_000), "{\"certificates\":[null]}")) {
            Files.writeString(file, text);
            assertThat(reasonFor(file)).isNotEmpty().doesNotContain("Exception");
        }
    }

    @Test
    void moreFilesThanAHostCanHaveAreNotReadAll() throws Exception {
        for (int i = 0; i < 1100; i++) {
            Files.writeString(bad("daemon-" + i + "-x.json"), "{");
        }
        assertThat(runtime.contents().unreadable())
                .hasSizeLessThanOrEqualTo(1001)
                .anyMatch(each -> each.reason().contains("more than 1000 daemon files"));
    }

    @Test
    void theNextDaemonStartsBesideThemAndLeavesThemAlone() throws Exception {
        fifo(bad("daemon-7.json"));
        fifo(bad("workers-7.json"));
        Files.createSymbolicLink(bad("workers-8.json"), Path.of("/dev/zero"));
        fifo(bad(".new-000000000000-1-1-1"));
        assertThat(new RecordingHeir().clean(runtime))
                .hasSize(3)
                .allMatch(line -> line.contains("is left alone") && line.contains("not a regular file"));
        assertThat(bad("daemon-7.json")).exists();
        assertThat(bad("workers-8.json")).isSymbolicLink();
    }

    @Test
    void aFileOfAnotherKindUnderOurOwnNameIsNotReplaced() throws Exception {
        Path usual = runtime.daemonFiles(self.pid()).getFirst();
        self.remove(runtime, true);
        fifo(usual);
        self.write(runtime);
        assertThat(runtime.contents().live()).containsExactly(self);
        assertThat(Files.isRegularFile(usual)).isFalse();
    }

    @Test
    void aTokenThatIsNoFileOrHasNoEndIsRefused() throws Exception {
        Path token = bad("token");
        fifo(token);
        assertThatThrownBy(() -> Token.readOrCreate(token)).hasMessageContaining("not a regular file");
        Files.delete(token);
        Files.createSymbolicLink(token, Path.of("/dev/zero"));
        assertThatThrownBy(() -> Token.readOrCreate(token)).hasMessageContaining("not a regular file");
        Files.delete(token);
        Files.writeString(token, "x".repeat(100_000));
        assertThatThrownBy(() -> Token.readOrCreate(token)).hasMessageContaining("at most 4096");
    }

    /** Its owner knows it, and may write another one into it. Only root can give a file away, and read it then. */
    @Test
    void aTokenOfAnotherUserIsRefused() throws Exception {
        assumeTrue(RuntimeFolder.ownUid() == 0, "only root can give a file to another user");
        Path token = bad("token");
        Token.readOrCreate(token);
        Files.setAttribute(token, "unix:uid", 12345);
        assertThatThrownBy(() -> Token.readOrCreate(token))
                .hasMessageContaining("belongs to the user with id 12345")
                .hasMessageContaining("chown");
    }
}
