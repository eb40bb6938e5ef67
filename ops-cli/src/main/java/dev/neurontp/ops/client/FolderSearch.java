package dev.neurontp.ops.client;

import dev.neurontp.harness.NeuronMain;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.FolderContents;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.NamedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks into one runtime folder. Bounded: a file system that does not answer is named, and the next folder is looked into. */
final class FolderSearch {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /** How a daemon shows itself, and its main class, which stands in its command line before that. */
    private static final List<String> DAEMON = List.of(NeuronMain.TITLE + NeuronMain.DAEMON, "NeuronMain");

    private static final Pattern DAEMON_FILE = Pattern.compile(".*/daemon-([1-9][0-9]{0,9})\\.json");

    private FolderSearch() {}

    /**
     * Of this user's own folder; nothing where there is none.
     *
     * @throws CommandException when it is not safe
     */
    static LiveDaemons.Found of(RuntimeFolder folder) {
        requireNamed(folder.path());
        return bounded(folder.path(), () -> {
            if (Files.notExists(folder.path())) {
                return new LiveDaemons.Found(List.of(), List.of(), true, Map.of());
            }
            refuseIfUnsafe(folder.path(), uid(Path.of("/proc/self/")));
            FolderContents contents = folder.contents();
            return new LiveDaemons.Found(
                    contents.live(), notes(contents), contents.unreadable().isEmpty(), unasked(contents));
        });
    }

    /** Of all other users' folders, for root: which daemons live there, and how to reach them. */
    static List<String> ofOthers(RuntimeFolders folders) {
        List<String> notes = new ArrayList<>();
        try {
            for (RuntimeFolders.OfUser other : bounded(Path.of("/home"), folders::ofOthers)) {
                notes.addAll(ofOther(other));
            }
        } catch (CommandException e) {
            notes.add(e.getMessage());
        }
        return notes;
    }

    private static List<String> ofOther(RuntimeFolders.OfUser other) {
        try {
            return bounded(other.folder().path(), () -> ofUser(other.uid(), other.folder()));
        } catch (CommandException e) {
            return List.of(e.getMessage());
        }
    }

    private static <T> T bounded(Path path, Supplier<T> look) {
        try {
            return BoundedAccess.call(look::get);
        } catch (CommandException e) {
            throw e;
        } catch (IOException e) {
            throw cannotLook(path, e.getMessage(), e);
        } catch (RuntimeException e) {
            throw cannotLook(path, e.toString(), e);
        }
    }

    private static List<String> ofUser(int uid, RuntimeFolder folder) {
        refuseIfUnsafe(folder.path(), uid);
        return folder.contents().live().stream()
                .map(daemon -> "A daemon of the user with id " + uid + " lives at " + daemon.url() + ", pid "
                        + daemon.pid() + ". Ask as that user: setpriv --reuid=" + uid
                        + " --clear-groups env NEURON_RUNTIME_DIR='"
                        + ForeignText.of(folder.path().toString())
                        + "' tpctl ls")
                .toList();
    }

    private static List<String> notes(FolderContents contents) {
        List<String> notes = new ArrayList<>();
        for (FolderContents.Elsewhere other : contents.elsewhere()) {
            notes.add(ForeignText.of("A daemon on " + other.where() + " has its file here: " + other.file() + " ("
                    + other.daemon().url() + ", pid " + other.daemon().pid() + ", last written "
                    + HumanText.ago(Optional.of(other.written()), Instant.now())
                    + "). It is out of reach from here: run tpctl there. One that lives writes it every 30 s; remove the"
                    + " file of one that does not."));
        }
        for (FolderContents.Unreadable bad : contents.unreadable()) {
            notes.add(leftOut(bad));
        }
        return notes;
    }

    private static String leftOut(FolderContents.Unreadable bad) {
        return ForeignText.of(bad.file() + " is left out: " + bad.reason());
    }

    private static Map<Long, CommandException> unasked(FolderContents contents) {
        Map<Long, CommandException> unasked = new LinkedHashMap<>();
        for (FolderContents.Unreadable bad : contents.unreadable()) {
            Matcher name = DAEMON_FILE.matcher(bad.file().toString());
            if (name.matches() && isDaemon(name.group(1))) {
                unasked.put(
                        Long.parseLong(name.group(1)),
                        new CommandException(
                                ExitCode.COULD_NOT_RUN,
                                "the daemon with pid " + name.group(1) + " cannot be asked: " + leftOut(bad),
                                "Use the tpctl that was installed with that daemon, or name the daemon that is meant with"
                                        + " --host. If pid " + name.group(1) + " is no daemon, remove the file."));
            }
        }
        return unasked;
    }

    /** Whether that process looks like a daemon; one of another program may have the pid of an old file. */
    private static boolean isDaemon(String pid) {
        try {
            String line = ProcText.of(Long.parseLong(pid), "cmdline");
            return DAEMON.stream().anyMatch(line::contains);
        } catch (IOException _) {
            return false;
        }
    }

    private static void requireNamed(Path path) {
        try {
            NamedPath.require(path);
        } catch (IOException e) {
            throw cannotLook(path, e.getMessage(), e);
        }
    }

    private static void refuseIfUnsafe(Path path, Object wanted) {
        Object owner = uid(path);
        Set<PosixFilePermission> mode;
        try {
            mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw cannotLook(path, FileErrors.reason(e), e);
        }
        if (Files.isSymbolicLink(path)) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the runtime folder " + path
                            + " is a link, and must be a folder: whoever may change the link decides"
                            + " which daemons are found",
                    "Name the folder itself in NEURON_RUNTIME_DIR, or move the link away.");
        }
        if (!owner.equals(wanted) || !PRIVATE.containsAll(mode)) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the runtime folder " + path + " is not private: it belongs to user id " + owner + " with mode "
                            + PosixFilePermissions.toString(mode) + ", and must be user id " + wanted
                            + "'s with mode rwx------",
                    owner.equals(wanted)
                            ? "Find out who created it. If it is yours: chmod 700 " + path
                            : "To ask as its owner: setpriv --reuid=" + owner
                                    + " --clear-groups tpctl ls, as root. Else name your own"
                                    + " in NEURON_RUNTIME_DIR, or unset that.");
        }
    }

    private static Object uid(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw cannotLook(path, FileErrors.reason(e), e);
        }
    }

    private static CommandException cannotLook(Path path, String reason, Exception cause) {
        return new CommandException(
                ExitCode.COULD_NOT_RUN,
                "the runtime folder " + path + " cannot be looked at: " + reason,
                "Look at it with ls -ld " + path + ", or name the daemon with --host and --token-file.",
                cause);
    }
}
