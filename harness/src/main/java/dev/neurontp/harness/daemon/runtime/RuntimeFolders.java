package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Every folder where a daemon of a user can have its file: two sessions of one user have different environments, and a folder
 * of a login session goes with it. Nothing is created but by {@link #open}. Any thread may call.
 */
public final class RuntimeFolders {
    private static final String NAME = "neurontp";
    private static final int ROOT = 0;

    private final List<RuntimeFolder> own;
    private final boolean searchesOthers;
    private final Path root;

    private RuntimeFolders(List<RuntimeFolder> own, boolean searchesOthers, Path root) {
        this.own = List.copyOf(own);
        this.searchesOthers = searchesOthers;
        this.root = root;
    }

    /** A folder of another user, which root may look into. */
    public record OfUser(int uid, RuntimeFolder folder) {}

    /** That folder and no other. */
    public static RuntimeFolders only(RuntimeFolder folder) {
        return new RuntimeFolders(List.of(folder), false, Path.of("/"));
    }

    /** Those of this user in this environment. */
    public static RuntimeFolders of(Map<String, String> environment) {
        String passwd = System.getProperty("user.home", "?");
        return of(
                environment,
                RuntimeFolder.ownUid(),
                Optional.of(Path.of(passwd)).filter(Path::isAbsolute),
                Path.of("/"));
    }

    /**
     * Those of a user whose home {@code environment} names, with {@code root} in place of /: what is started to train a cache looks as a
     * person's command does, and sees no daemon of this host.
     */
    public static RuntimeFolders of(Map<String, String> environment, Path root) {
        return of(environment, RuntimeFolder.ownUid(), given(environment, "HOME"), root);
    }

    /** As seen from the folder {@code root}, which is / but in tests. */
    static RuntimeFolders of(Map<String, String> environment, int uid, Optional<Path> passwdHome, Path root) {
        Optional<Path> named = given(environment, RuntimeFolder.VARIABLE);
        if (named.isPresent()) {
            return only(RuntimeFolder.at(named.get()));
        }
        // A relative one would be another folder in every current directory.
        Predicate<Path> left = OthersPlaces.leftAloneBy(uid);
        Optional<Path> session = given(environment, "XDG_RUNTIME_DIR")
                .filter(Path::isAbsolute)
                .filter(Predicate.not(left))
                .map(folder -> folder.resolve(NAME));
        Stream<Path> homes =
                OthersPlaces.homes(given(environment, "HOME"), passwdHome, left).map(RuntimeFolders::state);
        Path login = root.resolve("run/user/" + Integer.toUnsignedString(uid)).resolve(NAME);
        // A service that is not root's can have it: the unit of a package names it so.
        Optional<Path> system = Optional.of(system(root)).filter(Predicate.not(left));
        Stream<Path> places = uid == ROOT
                ? Stream.of(system.stream(), homes, session.stream(), Stream.of(login))
                        .flatMap(each -> each)
                : Stream.of(session.stream(), homes, Stream.of(login).filter(RuntimeFolders::hasParent))
                        .flatMap(each -> each);
        return new RuntimeFolders(places.distinct().map(RuntimeFolder::at).toList(), uid == ROOT, root);
    }

    private static boolean hasParent(Path folder) {
        return Files.isDirectory(folder.getParent());
    }

    private static Path system(Path root) {
        return root.resolve("run").resolve(NAME);
    }

    private static Path state(Path home) {
        return home.resolve(".local/state").resolve(NAME);
    }

    /** The home in which a folder is the usual one of its user. */
    public static Path homeOf(Path folder) {
        return folder.getParent().getParent().getParent();
    }

    /** In the order in which a new daemon would take them; empty for a user without a home. */
    public List<RuntimeFolder> own() {
        return own;
    }

    /** All folders, for a message. */
    public String text() {
        return own.isEmpty()
                ? "nowhere: this user has no home, and " + RuntimeFolder.VARIABLE + " is not set"
                : String.join(
                        ", ",
                        own.stream()
                                .map(folder -> ForeignText.of(folder.path().toString()))
                                .toList());
    }

    /**
     * The first folder that is there or can be created, and whose file system answers.
     *
     * @throws IOException with the reason, when there is none, or when one that comes earlier is not this user's alone
     */
    public RuntimeFolder open() throws IOException {
        return open(own);
    }

    /**
     * The same for what shall be there after the login session has ended: not a folder below /run/user, where there is a
     * choice.
     */
    public RuntimeFolder openLasting() throws IOException {
        Path sessions = root.resolve("run/user");
        return open(Stream.concat(
                        own.stream().filter(folder -> !folder.path().startsWith(sessions)),
                        own.stream().filter(folder -> folder.path().startsWith(sessions)))
                .toList());
    }

    private static RuntimeFolder open(List<RuntimeFolder> places) throws IOException {
        RuntimeFolder.NotCreated first = null;
        for (RuntimeFolder folder : places) {
            try {
                return BoundedAccess.call(() -> {
                    folder.open();
                    return folder;
                });
            } catch (RuntimeFolder.NotCreated e) {
                first = first == null ? e : first;
            } catch (BoundedAccess.NoAnswerException e) {
                first = first == null ? new RuntimeFolder.NotCreated(folder.path(), e) : first;
            }
        }
        throw first != null
                ? first
                : new IOException("there is no folder for the daemon's file and its token: this user (id "
                        + RuntimeFolder.ownUid()
                        + ") has no entry in passwd, and HOME and XDG_RUNTIME_DIR are not set to"
                        + " absolute paths. Name a folder with " + RuntimeFolder.VARIABLE);
    }

    /** The folders of other users that are there, for root; nobody else may look into them. */
    public List<OfUser> ofOthers() {
        if (!searchesOthers) {
            return List.of();
        }
        Set<OfUser> found = new LinkedHashSet<>();
        for (String line : passwd()) {
            String[] fields = line.split(":", -1);
            if (fields.length > 5 && fields[2].matches("\\d{1,9}") && fields[5].startsWith("/")) {
                add(found, Integer.parseInt(fields[2]), state(root.resolve(fields[5].substring(1))));
            }
        }
        owner(system(root)).ifPresent(uid -> add(found, uid, system(root)));
        for (Path session : sessions()) {
            add(found, Integer.parseInt(session.getFileName().toString()), session.resolve(NAME));
        }
        return List.copyOf(found);
    }

    private static OptionalInt owner(Path folder) {
        try {
            return OptionalInt.of(RuntimeFolder.uid(folder));
        } catch (IOException _) {
            return OptionalInt.empty();
        }
    }

    private void add(Set<OfUser> found, int uid, Path path) {
        boolean known = own.stream().anyMatch(folder -> folder.path().equals(path));
        if (uid != ROOT && !known && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            found.add(new OfUser(uid, RuntimeFolder.at(path)));
        }
    }

    private List<String> passwd() {
        try {
            return Files.readAllLines(root.resolve("etc/passwd"), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return List.of(); // a container without one
        }
    }

    private List<Path> sessions() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> users = Files.newDirectoryStream(root.resolve("run/user"), "[0-9]*")) {
            for (Path user : users) {
                if (user.getFileName().toString().matches("\\d{1,9}")) {
                    found.add(user);
                }
            }
        } catch (IOException _) {
            return List.of(); // a host without logind
        }
        return found;
    }

    private static Optional<Path> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }
}
