package dev.neurontp.harness.daemon.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads the daemon files of one folder, each by itself. Not for more than one thread. */
final class ContentsReader {
    private final List<DaemonFile> live = new ArrayList<>();
    private final List<FolderContents.Elsewhere> elsewhere = new ArrayList<>();
    private final List<FolderContents.Unreadable> unreadable = new ArrayList<>();

    void add(Path file) {
        try {
            Instant written = RuntimeFolder.written(file);
            DaemonFile daemon = DaemonFile.read(file);
            if (daemon.live()) {
                live.add(daemon);
            } else if (!daemon.dead(written)) {
                elsewhere.add(new FolderContents.Elsewhere(file, daemon, written));
            }
        } catch (IOException e) {
            // A daemon that ends at this moment removes its file.
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                unreadable(file, FileErrors.reason(e));
            }
        }
    }

    void unreadable(Path file, String reason) {
        unreadable.add(new FolderContents.Unreadable(file, reason));
    }

    FolderContents contents() {
        live.sort(DaemonFile.OLDEST_FIRST);
        return new FolderContents(live, elsewhere, unreadable);
    }
}
