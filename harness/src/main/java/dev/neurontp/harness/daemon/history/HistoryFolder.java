package dev.neurontp.harness.daemon.history;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.daemon.runtime.PrivateFile;
import dev.neurontp.harness.daemon.runtime.PrivateFolder;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.os.NamedPath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One folder with the history of pools: three files for each, by its id. Any thread may call. */
final class HistoryFolder {
    /** More than the setting allows, and few enough to look at in a moment. */
    private static final int MOST_FILES = 40_000;

    private static final Pattern ID = Pattern.compile("[a-z2-7]{8}");
    private static final Pattern STATE = Pattern.compile("pool-(" + ID.pattern() + ")\\.json");

    private static final Pattern ENTRIES = Pattern.compile("pool-(" + ID.pattern() + ")\\.(events|log)");

    /** What a pool was is written a moment after what happened to it. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path path;

    /** In {@code state}, a folder that others may use too. */
    HistoryFolder(Path state) {
        this.path = requireNonNull(state, "state is null").resolve("history");
    }

    Path path() {
        return path;
    }

    /** What that pool was. */
    Path state(String id) {
        return path.resolve("pool-" + id + ".json");
    }

    /** What happened to it. */
    Path events(String id) {
        return path.resolve("pool-" + id + ".events");
    }

    /** What its workers wrote. */
    Path lines(String id) {
        return path.resolve("pool-" + id + ".log");
    }

    /** Whether that is the id of a pool, and no path to elsewhere. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * Creates it where it is missing, and removes what writers left that were killed.
     *
     * @throws IOException with the reason, for an operator
     */
    void open() throws IOException {
        if (!ForeignText.of(path.toString()).equals(path.toString())) {
            throw new IOException("its path has control characters, which no message can show");
        }
        NamedPath.require(path);
        PrivateFolder.create(path);
        require();
        PrivateFile.sweep(list(".new-*"), Instant.now());
    }

    /** Whether there is anything of that name. */
    boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Returns where it is this user's alone.
     *
     * @throws IOException with the reason, for a user
     */
    void require() throws IOException {
        PrivateFolder.require(
                path,
                "the history folder",
                "holds what workers wrote",
                "name another folder with " + StateFolders.VARIABLE);
    }

    /** What was written down of a pool: how much, and when. */
    record Entry(String id, long bytes, Instant written) {}

    /** The pools in it, the last written first. */
    List<Entry> newestFirst() throws IOException {
        List<Entry> found = new ArrayList<>();
        for (Path file : list("pool-*.json")) {
            Matcher name = STATE.matcher(file.getFileName().toString());
            try {
                if (name.matches()) {
                    BasicFileAttributes is =
                            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    found.add(new Entry(
                            name.group(1), is.size(), is.lastModifiedTime().toInstant()));
                }
            } catch (NoSuchFileException _) {
                // a daemon has just removed it
            }
        }
        found.sort(Comparator.comparing(Entry::written).reversed());
        return found;
    }

    /** Removes what a daemon has left that was killed before it wrote what the pool was. */
    void sweep(Instant now) throws IOException {
        sweep(list("pool-*.{events,log}"), now);
    }

    void sweep(List<Path> files, Instant now) throws IOException {
        for (Path file : files) {
            Matcher name = ENTRIES.matcher(file.getFileName().toString());
            try {
                if (name.matches()
                        && Files.notExists(state(name.group(1)), LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(now.minus(ABANDONED))) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException _) {
                // another daemon has just removed it
            }
        }
    }

    private List<Path> list(String glob) throws IOException {
        NamedPath.require(path);
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, glob)) {
            Iterator<Path> each = files.iterator();
            while (found.size() < MOST_FILES && each.hasNext()) {
                found.add(each.next());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** Removes a pool's files, its state last: without it nobody finds the others. */
    void delete(String id) throws IOException {
        Files.deleteIfExists(events(id));
        Files.deleteIfExists(lines(id));
        Files.deleteIfExists(state(id));
    }
}
