package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.ProcessIdentity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What a runtime folder tells of daemons. The files of daemons that are gone for certain are in none of the lists.
 *
 * @param live those that live here, in the order of their start
 * @param elsewhere those of another host or another container: whether they live cannot be seen from here
 * @param unreadable files and folders that nothing can be learnt from
 */
public record FolderContents(List<DaemonFile> live, List<Elsewhere> elsewhere, List<Unreadable> unreadable) {
    /**
     * A daemon that was not started here.
     *
     * @param written when its file was last touched, by the clock of the file system; a daemon that lives does so every 30 s
     */
    public record Elsewhere(Path file, DaemonFile daemon, Instant written) {
        /** Where it was started, as far as its file says. */
        public String where() {
            if (daemon.host() == null) {
                return "another host";
            }
            return daemon.bootId().equals(ProcessIdentity.thisBoot())
                    ? "another container of this host (" + daemon.host().name() + ")"
                    : "the host " + daemon.host().name();
        }
    }

    /** A file or a folder, and why it cannot be used. */
    public record Unreadable(Path file, String reason) {}

    public FolderContents {
        live = List.copyOf(live);
        elsewhere = List.copyOf(elsewhere);
        unreadable = List.copyOf(unreadable);
    }
}
