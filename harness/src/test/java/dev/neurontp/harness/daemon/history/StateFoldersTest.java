package dev.neurontp.harness.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the history is looked for. */
class StateFoldersTest {
    private static List<String> places(Map<String, String> environment, String passwdHome) {
        return StateFolders.of(environment, Optional.ofNullable(passwdHome).map(Path::of), _ -> false).all().stream()
                .map(folder -> folder.path().toString())
                .toList();
    }

    @Test
    void theFolderThatIsNamedIsTheOnlyOne() {
        assertThat(places(Map.of(StateFolders.VARIABLE, "/x", "XDG_STATE_HOME", "/s", "HOME", "/h"), "/p"))
                .containsExactly("/x/history");
    }

    @Test
    void aServiceHasItsOwnAndTheFirstOfSeveral() {
        assertThat(places(Map.of("STATE_DIRECTORY", "/var/lib/neurontp:/var/lib/other"), null))
                .containsExactly("/var/lib/neurontp/history");
    }

    @Test
    void theStateFolderOfTheUserGoesBeforeTheHomes() {
        assertThat(places(Map.of("XDG_STATE_HOME", "/s", "HOME", "/h"), "/p"))
                .containsExactly(
                        "/s/neurontp/history", "/h/.local/state/neurontp/history", "/p/.local/state/neurontp/history");
        assertThat(places(Map.of("HOME", "/h"), "/h")).containsExactly("/h/.local/state/neurontp/history");
    }

    @Test
    void aRelativeOrEmptyPathIsNone() {
        assertThat(places(Map.of("XDG_STATE_HOME", "s", "HOME", "", "STATE_DIRECTORY", "a:b"), "?"))
                .isEmpty();
        assertThat(StateFolders.of(Map.of(), Optional.empty(), _ -> false).text())
                .contains("has no home", "NEURON_STATE_DIR");
    }

    @Test
    void rootTakesNoPlaceOfAnotherUser() {
        Map<String, String> kept = Map.of("XDG_STATE_HOME", "/home/a/s", "HOME", "/home/a");
        StateFolders roots = StateFolders.of(kept, Optional.of(Path.of("/root")), place -> place.startsWith("/home/a"));
        assertThat(roots.text()).isEqualTo("/root/.local/state/neurontp/history");
    }
}
