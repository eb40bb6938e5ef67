package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The daemons of this user and host, by their files in every folder where they can be. Nothing is written here. */
public final class LiveDaemons {
    private final RuntimeFolders folders;

    /** Those that have a file in one of {@code folders}. */
    public LiveDaemons(RuntimeFolders folders) {
        this.folders = folders;
    }

    /**
     * What was found.
     *
     * @param live the daemons that live here, the oldest first
     * @param notes what else stands in the folders and may be what somebody looks for, a sentence each
     * @param whole whether all that could name a daemon of this user could be looked at
     * @param unasked by its pid, for each daemon that runs here as it seems and whose file, which is among the notes, tells no way to it
     */
    public record Found(List<DaemonFile> live, List<String> notes, boolean whole, Map<Long, CommandException> unasked) {
        public Found {
            live = List.copyOf(live);
            notes = List.copyOf(notes);
            unasked = Map.copyOf(unasked);
        }
    }

    /** The folders that are looked into. */
    public String places() {
        return folders.text();
    }

    /** Where the token of a daemon without a file would be. */
    Path tokenFile() {
        List<Path> tokens = folders.own().stream().map(RuntimeFolder::tokenFile).toList();
        return tokens.stream()
                .filter(Files::exists)
                .findFirst()
                .or(() -> tokens.stream().findFirst())
                .orElse(Path.of("token"));
    }

    /**
     * The live daemons of this user alone.
     *
     * @throws CommandException as {@link #look} does
     */
    public List<DaemonFile> all() {
        return own().live();
    }

    /** The live daemon whose process is {@code pid}, in a folder that is safe; empty while it has no file. */
    public Optional<DaemonFile> of(long pid) {
        return search().live().stream().filter(daemon -> daemon.pid() == pid).findFirst();
    }

    /**
     * Looks into every folder, for root into those of other users too. One that cannot be used, or a file in it, does not hide
     * the daemons of the others.
     *
     * @throws CommandException when no daemon is found and a folder is not safe: who can write there could have our token sent
     *     anywhere
     */
    public Found look() {
        Found own = own();
        List<String> notes = new ArrayList<>(own.notes());
        notes.addAll(FolderSearch.ofOthers(folders));
        return new Found(own.live(), notes, own.whole(), own.unasked());
    }

    private Found own() {
        Search search = search();
        if (search.live().isEmpty() && !search.unsafe().isEmpty()) {
            throw search.unsafe().getFirst();
        }
        List<String> notes = new ArrayList<>(search.notes());
        search.unsafe().forEach(e -> notes.add(e.getMessage() + ". " + e.next()));
        return new Found(search.live(), notes, search.whole(), search.unasked());
    }

    /** The same, with what was found wrong with folders apart. */
    private record Search(
            List<DaemonFile> live,
            List<String> notes,
            List<CommandException> unsafe,
            boolean whole,
            Map<Long, CommandException> unasked) {}

    private Search search() {
        Map<Long, DaemonFile> live = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        List<CommandException> unsafe = new ArrayList<>();
        Map<Long, CommandException> unasked = new LinkedHashMap<>();
        boolean whole = true;
        for (RuntimeFolder folder : folders.own()) {
            try {
                Found result = FolderSearch.of(folder);
                result.live().forEach(daemon -> live.putIfAbsent(daemon.pid(), daemon));
                notes.addAll(result.notes());
                whole &= result.whole();
                unasked.putAll(result.unasked());
            } catch (CommandException e) {
                unsafe.add(e);
            }
        }
        // One whose file was replaced has written another one.
        unasked.keySet().removeAll(live.keySet());
        List<DaemonFile> oldestFirst =
                live.values().stream().sorted(DaemonFile.OLDEST_FIRST).toList();
        return new Search(oldestFirst, notes, unsafe, whole, unasked);
    }
}
