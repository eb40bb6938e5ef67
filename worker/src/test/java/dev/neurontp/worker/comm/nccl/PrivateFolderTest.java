package dev.neurontp.worker.comm.nccl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.SmallFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    private static final byte[] CONTENT = "a library".repeat(1000).getBytes(UTF_8);

    @TempDir
    Path cache;

    private Path keep() throws IOException {
        return PrivateFolder.inCache(Map.of("XDG_CACHE_HOME", cache.toString())).keep("lib.so", CONTENT);
    }

    @Test
    void theFileStandsInAFolderForThisUserAlone() throws IOException {
        Path folder = keep();

        assertThat(Files.readAllBytes(folder.resolve("lib.so"))).isEqualTo(CONTENT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void manyAtTheSameTimeLeaveOneWholeFile() throws Exception {
        List<Callable<Path>> all =
                Stream.generate(() -> (Callable<Path>) this::keep).limit(64).toList();
        Path folder;
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<Path>> done = threads.invokeAll(all);
            folder = done.getFirst().get();
            for (Future<Path> each : done) {
                assertThat(each.get()).isEqualTo(folder);
            }
        }

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("lib.so"));
        }
        assertThat(Files.readAllBytes(folder.resolve("lib.so"))).isEqualTo(CONTENT);
    }

    @Test
    void aFileThatIsNotTheLibraryIsReplaced() throws IOException {
        Path folder = keep();
        Files.writeString(folder.resolve("lib.so"), "half a libr");

        keep();

        assertThat(Files.readAllBytes(folder.resolve("lib.so"))).isEqualTo(CONTENT);
    }

    @Test
    void aLinkInPlaceOfTheFileIsReplacedAndNotFollowed() throws IOException {
        Path folder = keep();
        Path elsewhere = Files.write(cache.resolve("elsewhere"), CONTENT);
        Files.delete(folder.resolve("lib.so"));
        Files.createSymbolicLink(folder.resolve("lib.so"), elsewhere);

        keep();

        assertThat(folder.resolve("lib.so"))
                .isRegularFile()
                .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse());
    }

    @Test
    void aFolderThatOthersCanWriteInIsRefused() throws IOException {
        Files.createDirectory(cache.resolve("neurontp"));
        Files.setPosixFilePermissions(cache.resolve("neurontp"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(this::keep).hasMessageContaining("can be written by others: chmod 700 it");
    }

    @Test
    void aPlaceWhereEverybodyCanReplaceTheFolderIsRefused() throws IOException {
        Path open = Files.createDirectory(cache.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Map<String, String> inIt =
                Map.of("XDG_CACHE_HOME", open.resolve("cache").toString());

        assertThatThrownBy(() -> PrivateFolder.inCache(inIt))
                .hasMessageStartingWith(open.toRealPath() + " can be written by everybody");
        // As /tmp is: only the owner of what is in it can replace that.
        Files.setAttribute(open, "unix:mode", 01777);
        assertThat(PrivateFolder.inCache(inIt).keep("lib.so", CONTENT)).exists();
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        Path theirs = Files.createDirectory(cache.resolve("neurontp"));
        assumeTrue(Files.getAttribute(theirs, "unix:uid").equals(0), "SKIPPED: only root can give a folder away");
        Files.setAttribute(theirs, "unix:uid", 12_345);

        assertThatThrownBy(this::keep).hasMessage(theirs + " belongs to user 12345, and this is user 0");
    }

    /** As {@code sudo -E} leaves it: root would load a library that a user can replace, and lock that user out of the cache. */
    @Test
    void rootTakesNoCacheInAHomeOfAnotherUser() throws IOException {
        Path home = Files.createDirectory(cache.resolve("home"));
        Path roots = Files.createDirectory(cache.resolve("root"));
        assumeTrue(Files.getAttribute(home, "unix:uid").equals(0), "SKIPPED: only root can give a folder away");
        Files.setAttribute(home, "unix:uid", 12_345);
        Map<String, String> kept = Map.of("HOME", home.toString());

        Path folder = PrivateFolder.inCache(kept, roots.toString()).keep("lib.so", CONTENT);
        assertThat(folder).startsWith(roots.resolve(".cache"));
        assertThat(home).isEmptyDirectory();
        // As of a container whose /root is a mounted folder of that user.
        assertThat(PrivateFolder.inCache(kept, home.toString()).keep("lib.so", CONTENT))
                .startsWith(home);
    }

    @Test
    void aLinkInPlaceOfTheFolderIsRefused() throws IOException {
        Files.createSymbolicLink(cache.resolve("neurontp"), Files.createDirectory(cache.resolve("elsewhere")));

        assertThatThrownBy(this::keep).isInstanceOf(IOException.class);
    }

    @Test
    void withoutAHomeThereIsNoPlace() {
        assertThatThrownBy(() -> PrivateFolder.inCache(Map.of()))
                .hasMessageContaining("neither XDG_CACHE_HOME nor HOME");
    }

    @Test
    void onAFullDiskNothingIsLeftAndTheFileIsNamed() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(cache.resolve("small"))) {
            PrivateFolder folder =
                    PrivateFolder.inCache(Map.of("XDG_CACHE_HOME", full.path().toString()));
            assertThatThrownBy(() -> folder.keep("lib.so", new byte[1 << 20]))
                    .hasMessageContaining(full.path().toString())
                    .hasMessageContaining("lib.so cannot be written: No space left on device");
            try (Stream<Path> files = Files.walk(full.path())) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    @Test
    void whatAKilledProcessLeftIsSweptAndWhatIsBeingWrittenIsNot() throws IOException {
        Path folder = keep();
        Files.delete(folder.resolve("lib.so"));
        Path abandoned = Files.createFile(folder.resolve("lib.so1.new"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(7200)));
        Path written = Files.createFile(folder.resolve("lib.so2.new"));

        keep();

        assertThat(abandoned).doesNotExist();
        assertThat(written).exists();
    }
}
