package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.testing.HungFileSystem;
import dev.neurontp.testing.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file system that answers nothing, as one whose server is gone, holds up neither a start nor a reload. */
@Tag("long")
@Timeout(120)
class BoundedAccessTest {
    @TempDir
    Path folder;

    @Test
    void whatIsDoneInTimeReturnsOrThrowsAsItIs() throws IOException {
        assertThat(BoundedAccess.<String>call(() -> "done")).isEqualTo("done");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> BoundedAccess.call(() -> Files.readString(missing)))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> BoundedAccess.call(() -> {
                    throw new IllegalStateException("wrong");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    /** A class that cannot be loaded is nothing to wait for. */
    @Test
    void anErrorReachesTheCallerAndFreesItsPlace() throws Exception {
        BoundedAccess access = new BoundedAccess("test", 1);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> access.within(Duration.ofSeconds(60), Duration.ofSeconds(60), () -> {
                        throw new NoClassDefFoundError("gone");
                    }))
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessage("gone");
        }
    }

    /** Those that do answer, each in a moment, are waited for: a hundred at once is no file system that is gone. */
    @Test
    void manyAtOnceAllGetTheirAnswer() throws Exception {
        Together.run(
                100,
                () -> assertThat(BoundedAccess.<String>call(() -> Files.readString(Path.of("/proc/self/stat"))))
                        .isNotEmpty());
    }

    @Test
    void threadsThatWaitAreBounded() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(16);
        for (int i = 0; i < 16; i++) {
            assertThatThrownBy(() -> BoundedAccess.call(Duration.ofMillis(1), () -> {
                        answer.await();
                        over.countDown();
                        return "late";
                    }))
                    .isInstanceOf(BoundedAccess.NoAnswerException.class)
                    .hasMessageContaining("there was no answer within 1.00 ms");
        }
        assertThatThrownBy(() -> BoundedAccess.call(() -> "now"))
                .hasMessage("16 earlier accesses to files still wait for an answer");
        answer.countDown();
        over.await();
    }

    @Test
    void aDaemonTakesTheNextFolderAndNamesTheOneThatDoesNotAnswer() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"))) {
            Path home = Files.createDirectory(folder.resolve("home"));
            Map<String, String> environment =
                    Map.of("XDG_RUNTIME_DIR", hung.path().toString(), "HOME", home.toString());
            assertThat(RuntimeFolders.of(environment, 1000, Optional.empty(), folder)
                            .open()
                            .path())
                    .isEqualTo(home.resolve(".local/state/neurontp"));
            RuntimeFolders only =
                    RuntimeFolders.only(RuntimeFolder.at(hung.path().resolve("neurontp")));
            assertThatThrownBy(only::openLasting)
                    .hasMessageContaining("the runtime folder " + hung.path())
                    .hasMessageContaining("there was no answer within 10.0");
        }
    }

    @Test
    void aFileThatOthersWaitForIsReadWithABound() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"))) {
            assertThatThrownBy(() -> Token.readOrCreate(hung.path().resolve("token")))
                    .hasMessageContaining("the token file " + hung.path())
                    .hasMessageContaining("there was no answer within 10.0");
        }
    }

    /** As sshfs whose connection is gone: it is a folder, and nobody can look at it. */
    @Test
    void aFolderThatGivesErrorsIsNotSaidToBeNone() throws Exception {
        try (HungFileSystem broken = HungFileSystem.mount(folder.resolve("broken"))) {
            broken.disconnect();
            Path inside = broken.path().resolve("neurontp");
            for (Path place : List.of(broken.path(), inside, inside.resolve("deeper"))) {
                assertThatThrownBy(() -> RuntimeFolder.at(place).open())
                        .hasMessageContaining("Transport endpoint is not connected")
                        .message()
                        .doesNotContain("is no folder");
            }
        }
    }
}
