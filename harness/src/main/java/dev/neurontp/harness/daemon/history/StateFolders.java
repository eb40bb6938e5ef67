package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.daemon.runtime.OthersPlaces;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.text.ForeignText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the history of a user's pools can be: folders that outlive a session and a boot. Nothing is created here. Any thread may
 * call.
 */
public final class StateFolders {
    /** The environment variable that names the folder, for the daemon and for its clients. */
    public static final String VARIABLE = "NEURON_STATE_DIR";

    /** By which systemd tells a service its folders, with colons between (systemd.exec(5)). */
    private static final String SERVICE = "STATE_DIRECTORY";

    private static final String NAME = "neurontp";

    private final List<HistoryFolder> folders;

    private StateFolders(List<Path> folders) {
        this.folders = folders.stream().map(HistoryFolder::new).toList();
    }

    /** In that folder and no other. */
    public static StateFolders only(Path folder) {
        return new StateFolders(List.of(folder.toAbsolutePath()));
    }

    /** Those of this user in this environment. */
    public static StateFolders of(Map<String, String> environment) {
        return of(environment, Optional.of(Path.of(System.getProperty("user.home", "?"))), OthersPlaces.leftAlone());
    }

    /** Those of a user whose home {@code environment} names, and of no other: as {@link RuntimeFolders#of(Map, Path)}. */
    public static StateFolders ofHome(Map<String, String> environment) {
        return of(environment, given(environment, "HOME"), OthersPlaces.leftAlone());
    }

    static StateFolders of(Map<String, String> environment, Optional<Path> passwdHome, Predicate<Path> leftAlone) {
        Optional<Path> named = given(environment, VARIABLE);
        if (named.isPresent()) {
            return only(named.get());
        }
        Optional<Path> service = Optional.ofNullable(environment.get(SERVICE))
                .map(folders -> Path.of(folders.split(":", 2)[0]))
                .filter(Path::isAbsolute);
        // A relative one would be another folder in every current directory.
        Optional<Path> state =
                given(environment, "XDG_STATE_HOME").filter(Path::isAbsolute).filter(Predicate.not(leftAlone));
        Stream<Path> homes = OthersPlaces.homes(given(environment, "HOME"), passwdHome, leftAlone)
                .map(each -> each.resolve(".local/state"));
        Stream<Path> own = Stream.concat(state.stream(), homes).map(folder -> folder.resolve(NAME));
        return new StateFolders(Stream.concat(service.stream(), own).distinct().toList());
    }

    private static Optional<Path> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    /** In the order in which a daemon would take them; empty for a user without a home. */
    List<HistoryFolder> all() {
        return folders;
    }

    /** All of them, for a message. */
    public String text() {
        return folders.isEmpty()
                ? "nowhere: this user has no home, and " + VARIABLE + " is not set"
                : folders.stream()
                        .map(folder -> ForeignText.of(folder.path().toString()))
                        .collect(Collectors.joining(", "));
    }
}
