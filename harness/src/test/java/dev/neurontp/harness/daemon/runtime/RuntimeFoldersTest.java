package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folders a daemon can be found in, and which one a new daemon takes. */
class RuntimeFoldersTest {
    private static final int USER = 1000;

    @TempDir
    Path root;

    private List<String> places(Map<String, String> environment, int uid, String passwdHome) {
        Optional<Path> home = Optional.ofNullable(passwdHome).map(Path::of);
        return RuntimeFolders.of(environment, uid, home, root).own().stream()
                .map(folder -> folder.path().toString().replace(root.toString(), ""))
                .toList();
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    @Test
    void aFolderThatIsNamedIsTheOnlyOne() {
        Map<String, String> named = Map.of("NEURON_RUNTIME_DIR", "/x", "XDG_RUNTIME_DIR", "/run/user/7", "HOME", "/h");
        assertThat(places(named, USER, "/p")).containsExactly("/x");
        assertThat(places(named, 0, "/p")).containsExactly("/x");
    }

    @Test
    void aLoginShellAndAServiceOfOneUserLookInTheSamePlaces() throws Exception {
        folder("run/user/1000");
        Map<String, String> shell = Map.of("XDG_RUNTIME_DIR", root + "/run/user/1000", "HOME", "/home/a");
        Map<String, String> service = Map.of("HOME", "/home/a");
        assertThat(places(shell, USER, "/home/a"))
                .containsExactly("/run/user/1000/neurontp", "/home/a/.local/state/neurontp");
        assertThat(places(service, USER, "/home/a"))
                .containsExactlyInAnyOrderElementsOf(places(shell, USER, "/home/a"));
        assertThat(places(service, USER, "/home/a").getFirst()).isEqualTo("/home/a/.local/state/neurontp");
    }

    @Test
    void rootTakesRunAndFindsWhatAShellOfRootStarted() {
        Map<String, String> shell = Map.of("HOME", "/root", "XDG_RUNTIME_DIR", root + "/run/user/0");
        assertThat(places(shell, 0, "/root"))
                .containsExactly("/run/neurontp", "/root/.local/state/neurontp", "/run/user/0/neurontp");
        assertThat(places(Map.of(), 0, "/root")).isEqualTo(places(shell, 0, "/root"));
    }

    /** {@code sudo -E} and {@code su} without {@code -} keep it, and what root creates there locks the user out. */
    @Test
    void rootTakesNoFolderInAHomeOfAnotherUser() throws Exception {
        Path home = folder("home/a");
        Map<String, String> kept = Map.of(
                "HOME",
                home.toString(),
                "XDG_RUNTIME_DIR",
                folder("run/user/1000").toString());
        assumeTrue(RuntimeFolder.ownUid() == 0, "SKIPPED: only root can give a folder away");
        Files.setAttribute(home, "unix:uid", USER);
        Files.setAttribute(root.resolve("run/user/1000"), "unix:uid", USER);
        assertThat(places(kept, 0, "/root"))
                .containsExactly("/run/neurontp", "/root/.local/state/neurontp", "/run/user/0/neurontp");
        assertThat(places(Map.of("HOME", home + "/not/yet/there"), 0, "/root"))
                .containsExactly("/run/neurontp", "/root/.local/state/neurontp", "/run/user/0/neurontp");
        // The user's own, though another uid can be the owner of a home, as in OpenShift.
        assertThat(places(Map.of("HOME", home.toString()), 1001, null))
                .containsExactly("/home/a/.local/state/neurontp");
    }

    /** As {@code RuntimeDirectory=neurontp} of a unit with {@code User=} makes it. */
    @Test
    void theFolderOfAServiceOfAnotherUserIsLookedIntoAndNotTaken() throws Exception {
        Path system = folder("run/neurontp");
        assumeTrue(RuntimeFolder.ownUid() == 0, "SKIPPED: only root can give a folder away");
        Files.setAttribute(system, "unix:uid", USER);
        RuntimeFolders folders = RuntimeFolders.of(Map.of(), 0, Optional.of(folder("root")), root);
        assertThat(folders.open().path()).isEqualTo(root.resolve("root/.local/state/neurontp"));
        assertThat(folders.ofOthers()).singleElement().satisfies(other -> {
            assertThat(other.uid()).isEqualTo(USER);
            assertThat(other.folder().path()).isEqualTo(system);
        });
    }

    @Test
    void homeCountsBeforePasswdAndAHomeThatIsNoneCountsNot() {
        assertThat(places(Map.of("HOME", "/h"), USER, "/p"))
                .containsExactly("/h/.local/state/neurontp", "/p/.local/state/neurontp");
        assertThat(places(Map.of("HOME", "?"), USER, null)).isEmpty();
        assertThat(places(Map.of("HOME", "relative", "XDG_RUNTIME_DIR", "relative"), USER, null))
                .isEmpty();
    }

    @Test
    void aUserWithoutAHomeIsToldWhatToSet() {
        RuntimeFolders none = RuntimeFolders.of(Map.of(), USER, Optional.empty(), root);
        assertThatThrownBy(none::open)
                .hasMessageContainingAll("has no entry in passwd", "HOME", "Name a folder with NEURON_RUNTIME_DIR");
        assertThat(none.text()).contains("NEURON_RUNTIME_DIR");
    }

    @Test
    void aFolderThatCannotBeCreatedIsPassedOverAndOneThatIsNotSafeIsNot() throws Exception {
        Path home = folder("home");
        Path file = Files.createFile(root.resolve("file"));
        Map<String, String> environment =
                Map.of("XDG_RUNTIME_DIR", file.resolve("gone").toString(), "HOME", home.toString());
        RuntimeFolders folders = RuntimeFolders.of(environment, USER, Optional.empty(), root);
        assertThat(folders.open().path()).isEqualTo(home.resolve(".local/state/neurontp"));

        Path open = folder("session/neurontp");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Map<String, String> unsafe = Map.of("XDG_RUNTIME_DIR", root + "/session", "HOME", home.toString());
        assertThatThrownBy(RuntimeFolders.of(unsafe, USER, Optional.empty(), root)::open)
                .hasMessageContainingAll(open.toString(), "chmod 700");
    }

    /** A daemon's file could not name it, and no reader would take that file: the daemon would live unseen. */
    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\u001b[2Jb", "a\u202eb", "a\tb"})
    void aFolderWhosePathNoMessageCanShowIsPassedOver(String name) throws Exception {
        Map<String, String> shell = Map.of("HOME", root.resolve(name).toString());
        RuntimeFolders folders = RuntimeFolders.of(shell, USER, Optional.of(root.resolve("home")), root);
        assertThat(folders.open().path()).isEqualTo(root.resolve("home/.local/state/neurontp"));
        assertThat(root.resolve(name)).doesNotExist();
        RuntimeFolder named = RuntimeFolder.at(root.resolve(name));
        assertThatThrownBy(() -> RuntimeFolders.only(named).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its path has control characters")
                .hasMessageContaining("NEURON_RUNTIME_DIR")
                .hasMessageNotContaining(name);
    }

    /** Java would take another folder than the one that was named. */
    @Test
    void aFolderWhoseNameIsNoUtf8IsPassedOver() throws Exception {
        Path named = root.resolve("a\uFFFDb");
        Map<String, String> shell = Map.of("HOME", named.toString());
        RuntimeFolders folders = RuntimeFolders.of(shell, USER, Optional.of(root.resolve("home")), root);
        assertThat(folders.open().path()).isEqualTo(root.resolve("home/.local/state/neurontp"));
        assertThat(named).doesNotExist();
        assertThatThrownBy(() -> RuntimeFolders.only(RuntimeFolder.at(named)).open())
                .hasMessageContainingAll(named.toString(), "bytes that are no UTF-8", "NEURON_RUNTIME_DIR");
        assertThat(RuntimeFolder.at(named).contents().unreadable())
                .singleElement()
                .satisfies(file -> assertThat(file.reason()).contains("bytes that are no UTF-8"));
    }

    @Test
    void whyNoFolderCanBeHadIsSaidOfTheFirst() throws Exception {
        Path file = Files.createFile(root.resolve("file"));
        RuntimeFolders folders = RuntimeFolders.of(Map.of("HOME", file.toString()), USER, Optional.empty(), root);
        assertThatThrownBy(folders::open)
                .hasMessageContainingAll("cannot be created: Not a directory", file.toString(), "NEURON_RUNTIME_DIR");
    }

    @Test
    void rootSeesTheFoldersOfEveryUser() throws Exception {
        Files.writeString(
                Files.createDirectories(root.resolve("etc")).resolve("passwd"),
                "root:x:0:0::/root:/bin/sh\na:x:1001:1001::/home/a:/bin/sh\nb:x:1002:1002::/home/b:/bin/sh\nbroken\n");
        folder("home/a/.local/state/neurontp");
        folder("run/user/1003/neurontp");
        folder("run/user/1004");
        assertThat(RuntimeFolders.of(Map.of(), 0, Optional.empty(), root).ofOthers())
                .extracting(RuntimeFolders.OfUser::uid)
                .containsExactly(1001, 1003);
        assertThat(RuntimeFolders.of(Map.of(), USER, Optional.empty(), root).ofOthers())
                .isEmpty();
    }
}
